"""Many devices in one process, each as light as a device can be.

``python crowd.py PORT COUNT NETWORK`` reads tokens from its first line, separated by
blanks and dealt out in turn. It keeps all devices connected, by the client's own
back-off, and answers each further line with how they are, as a line of JSON. The line
``leave`` lets the first one go for good.
"""

import asyncio
import base64
import itertools
import json
import os
import struct
import sys
import time
from collections import Counter

from goldenpath.client._back_off import BackOff, farewell

_HEAD = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: goldenpath.v1\r\n"
    "Sec-WebSocket-Key: {key}\r\nAuthorization: Bearer {token}\r\n\r\n"
)
_WELCOME_WITHIN = 8.0
_APART = 0.005


def framed(data, opcode=0x81):
    """Return a frame; a mask of zeros masks nothing and is as valid as any."""
    if len(data) < 126:
        head = bytes((opcode, 0x80 | len(data)))
    else:
        head = bytes((opcode, 0x80 | 126)) + struct.pack("!H", len(data))
    return head + b"\0\0\0\0" + data


_PONG = framed(b'{"frame":"pong"}')


class Member(asyncio.Protocol):
    """One connection of one device."""

    def __init__(self, device):
        self.device = device
        self.ended = asyncio.get_running_loop().create_future()
        self.is_live = False
        self.is_upgraded = False
        self.code, self.reason = 1006, ""
        self.received = b""

    def connection_made(self, transport):
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        head = _HEAD.format(key=key, token=self.device.token)
        transport.write(head.encode())

    def connection_lost(self, _error):
        self.is_live = False
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data):
        self.received += data
        if not self.is_upgraded:
            head, blank, rest = self.received.partition(b"\r\n\r\n")
            if not blank:
                return
            status = int(head.split(b" ", 2)[1])
            if status != 101:
                self.device.crowd.statuses[status] += 1
                self.transport.abort()
                return
            self.is_upgraded, self.received = True, rest
            self.transport.write(framed(self.device.hello().encode()))
        while (payload := self._next_frame()) is not None:
            self._take(*payload)

    def _next_frame(self):
        if len(self.received) < 2:
            return None
        size, start = self.received[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(self.received[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(self.received[2:10], "big"), 10
        if len(self.received) < start + size:
            return None
        opcode, payload = self.received[0] & 0x0F, self.received[start : start + size]
        self.received = self.received[start + size :]
        return opcode, payload

    def _take(self, opcode, payload):
        if opcode == 0x8:
            self.code = int.from_bytes(payload[:2], "big")
            self.reason = payload[2:].decode()
            self.transport.write(framed(payload[:2], 0x88))
            self.transport.close()
        elif payload.startswith(b'{"frame":"ping"'):
            self.transport.write(_PONG)
            self.device.pings += 1
        elif payload.startswith(b'{"frame":"welcome"'):
            self.is_live = True
            self.device.welcomes += 1
            self.device.log = json.loads(payload)["log"]
        elif payload.startswith((b'{"frame":"live"', b'{"frame":"event"')):
            frame = json.loads(payload)
            self.device.events += frame["frame"] == "event"
            self.device.cursor = {
                name: frame[name] for name in ("epoch", "incarnation", "number")
            }


class Light:
    """A device that does nothing but stay connected."""

    def __init__(self, crowd, token):
        self.crowd = crowd
        self.token = token
        self.log = self.cursor = self.member = None
        self.welcomes = self.events = self.pings = 0

    def hello(self):
        cursors = {} if self.cursor is None else {self.log: self.cursor}
        return json.dumps({"frame": "hello", "device": "light", "cursors": cursors})

    async def stay(self, *, after):
        await asyncio.sleep(after)
        back_off = BackOff(most=30.0)
        loop = asyncio.get_running_loop()
        while True:
            began = time.monotonic()
            code, reason = 1006, ""
            try:
                _, member = await loop.create_connection(
                    lambda: Member(self),
                    "127.0.0.1",
                    self.crowd.port,
                    local_addr=(f"{self.crowd.address}.{next(self.crowd.places)}", 0),
                )
            except OSError:
                self.crowd.statuses["unreachable"] += 1
            else:
                self.member = member
                watch = loop.call_later(_WELCOME_WITHIN, self._expect_welcome, member)
                try:
                    await member.ended
                finally:
                    watch.cancel()
                    member.transport.abort()
                code, reason = member.code, member.reason
                self.crowd.codes[code] += 1
                if "retry_after=" in reason:
                    self.crowd.told.append(float(reason.split()[0].partition("=")[2]))
            if farewell(code) is not None:
                return
            lasted = time.monotonic() - began
            await asyncio.sleep(back_off.delay(code, reason, lasted=lasted))

    def _expect_welcome(self, member):
        if not member.is_live:
            member.transport.abort()


class Crowd:
    """All of them."""

    def __init__(self, port, address):
        self.port, self.address = port, address
        self.places = itertools.cycle(range(1, 21))
        self.codes, self.statuses, self.told = Counter(), Counter(), []

    async def run(self, count, tokens):
        devices = [Light(self, tokens[number % len(tokens)]) for number in range(count)]
        # They come one after the other; it is a loss that brings them all at once.
        tasks = [
            asyncio.create_task(device.stay(after=number * _APART))
            for number, device in enumerate(devices)
        ]
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line == "leave\n":
                tasks[0].cancel()
            status = {
                "live": sum(bool(d.member and d.member.is_live) for d in devices),
                "welcomes": min(device.welcomes for device in devices),
                "events": min(device.events for device in devices),
                "pings": min(device.pings for device in devices),
                "codes": self.codes,
                "statuses": self.statuses,
                "told": self.told,
            }
            print(json.dumps(status), flush=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    wanted = Crowd(int(sys.argv[1]), sys.argv[3])
    asyncio.run(wanted.run(int(sys.argv[2]), sys.stdin.readline().split()))
