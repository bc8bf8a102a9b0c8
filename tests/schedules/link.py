"""A network of one connection: in order, late, and broken when a test says so."""

import asyncio
import contextvars
import types
from collections import deque

from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosedError,
    ConnectionClosedOK,
    InvalidStatus,
)
from websockets.frames import Close
from websockets.http11 import Response

from goldenpath.asgi._socket import LANE
from goldenpath.protocol import SUBPROTOCOL

_LOST = object()
_LOST_CODE = 1006
# What the kernels on both sides hold of what was sent and not read.
_WINDOW_BYTES = 64 * 1024


class Way:
    """One direction. What is put in comes out in order, later, or never."""

    def __init__(self, dice, latency):
        self._dice = dice
        self._latency = latency
        self._under_way = deque()
        self._arrived = deque()
        self._news = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.bytes = 0
        self.is_muted = False
        self.is_lost = False

    @property
    def has_room(self):
        return self._has_room.is_set()

    def put(self, item):
        self._under_way.append(item)
        self.bytes += _size(item)
        if self.bytes > _WINDOW_BYTES:
            self._has_room.clear()
        # Of nobody's process: a packet travels on while its sender is frozen.
        asyncio.get_running_loop().call_later(
            self._dice.uniform(0.0, self._latency),
            self._arrive,
            context=contextvars.Context(),
        )

    async def get(self):
        while not self._arrived:
            self._news.clear()
            await self._news.wait()
        item = self._arrived[0]
        # That it is over is found by everybody who looks, and again.
        if item is not _LOST and not isinstance(item, Close):
            self._arrived.popleft()
            self.bytes -= _size(item)
            if self.bytes <= _WINDOW_BYTES:
                self._has_room.set()
        return item

    async def wait_room(self):
        await self._has_room.wait()

    def lose(self, *, within):
        """Forget what is under way; let the reader find out, after a while."""
        if self.is_lost:
            return
        self.is_lost = True
        self._under_way.clear()
        self._has_room.set()
        asyncio.get_running_loop().call_later(
            self._dice.uniform(0.0, within), self._end, context=contextvars.Context()
        )

    def _arrive(self):
        # One for each that was put in: which of them it is follows from the order.
        if self._under_way and not self.is_muted:
            self._arrived.append(self._under_way.popleft())
            self._news.set()

    def _end(self):
        self._arrived.append(_LOST)
        self._news.set()


class Link:
    """Both directions, an ASGI server at one end and a client at the other.

    Args:
        dice: Draws how long things take, and what servers may differ in.
        latency: Most seconds that something is under way.
    """

    def __init__(self, dice, *, latency=0.01):
        self.dice = dice
        self.up = Way(dice, latency)
        self.down = Way(dice, latency)
        self.server = ServerEnd(self)
        self.client = ClientEnd(self)

    def cut(self, *, within=0.05, server_within=None):
        """Break it; both ends find out, each in its own time."""
        self.up.lose(within=within if server_within is None else server_within)
        self.down.lose(within=within)

    def let_go(self, way):
        """Be done with it at the end that reads ``way``; the other end may hear."""
        way.lose(within=0.0)
        if not way.is_muted:
            self.cut(within=0.0)

    def mute(self):
        """Let nothing through any more, and tell nobody: a half-open connection."""
        self.up.is_muted = self.down.is_muted = True

    async def yield_sometimes(self):
        if self.dice.random() < 0.5:
            await asyncio.sleep(0)


class ServerEnd:
    """What an ASGI server does for a WebSocket; it writes down what it is told wrong.

    Servers differ: one says that the peer is gone by an error, another by nothing;
    one has a fast lane.

    Attributes:
        wrong: What the application did that the protocol does not allow.
        sent: The frames that it sent, in order.
        heard: The messages that it received, in order.
        closed: Code and reason that the application closed with.
        accepted_at: When it accepted.
        ended_at: When the application was done with it.
    """

    def __init__(self, link):
        self._link = link
        self._state = "connecting"
        self._has_asked = False
        self._raises_when_gone = link.dice.random() < 0.5
        self._extensions = {"websocket.http.response": {}}
        if link.dice.random() < 0.5:
            self._extensions[LANE] = self
        self._denied = None
        self.accepted = asyncio.get_running_loop().create_future()
        self.wrong = []
        self.sent = []
        self.heard = []
        self.closed = None
        self.accepted_at = self.ended_at = None
        self._is_sending = False

    async def serve(self, app, token):
        """Have an application live with this connection."""
        headers = [(b"host", b"chat.test")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": "/ws",
            "raw_path": b"/ws",
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "client": ("10.0.0.1", 50_000),
            "server": ("10.0.0.2", 80),
            "subprotocols": [SUBPROTOCOL],
            "extensions": self._extensions,
            "state": {},
        }
        try:
            await app(scope, self.receive, self.send)
        finally:
            if not self.accepted.done():
                self.accepted.set_exception(ConnectionClosedError(None, None))
            # The client may be gone; nobody has to look.
            self.accepted.exception()
            self.ended_at = asyncio.get_running_loop().time()
            if self.closed is None:
                self._link.let_go(self._link.up)

    async def receive(self):
        if not self._has_asked:
            self._has_asked = True
            return {"type": "websocket.connect"}
        if self._state == "connecting":
            self.wrong.append("received before the accept")
        item = await self._link.up.get()
        if item is _LOST:
            return {"type": "websocket.disconnect", "code": _LOST_CODE}
        if isinstance(item, Close):
            return {"type": "websocket.disconnect", "code": item.code}
        self.heard.append(item)
        return {"type": "websocket.receive", "text": item}

    async def send(self, message):
        if self._is_sending:
            self.wrong.append("two sends at once")
        self._is_sending = True
        try:
            await self._send(message)
        finally:
            self._is_sending = False

    async def _send(self, message):
        await self._link.yield_sometimes()
        match message["type"], self._state:
            case "websocket.accept", "connecting":
                self._state = "open"
                self.accepted_at = asyncio.get_running_loop().time()
                self.accepted.set_result(message.get("subprotocol"))
            case "websocket.send", "open":
                self._refuse_if_gone()
                self._put(message["text"].encode())
                await self._link.down.wait_room()
            case "websocket.close", "open":
                self._state = "closed"
                self.closed = (message["code"], message["reason"])
                self._link.down.put(Close(*self.closed))
                await self._link.down.wait_room()
            case "websocket.http.response.start", "connecting":
                self._state = "denied"
                self._denied = message["status"]
            case "websocket.http.response.body", "denied":
                response = Response(self._denied, "", Headers())
                self.accepted.set_exception(InvalidStatus(response))
                self.closed = (self._denied, "")
            case kind, state:
                self.wrong.append(f"{kind} while {state}")

    def _put(self, frame):
        self.sent.append(frame)
        self._link.down.put(frame)

    def _refuse_if_gone(self):
        if self._link.up.is_lost and self._raises_when_gone:
            raise OSError("the peer is gone")

    # The fast lane.

    @property
    def is_open(self):
        return self._state == "open" and not self._link.up.is_lost

    @property
    def has_room(self):
        return self._link.down.has_room

    @property
    def buffered_bytes(self):
        return self._link.down.bytes

    def send_nowait(self, frame):
        if self._state != "open":
            self.wrong.append(f"a frame while {self._state}")
        elif not self._link.up.is_lost:
            self._put(bytes(frame))

    async def wait_room(self):
        await self._link.down.wait_room()

    def abort(self):
        self._state = "closed"
        self._link.let_go(self._link.up)


class ClientEnd:
    """What ``goldenpath.client`` needs of a WebSocket."""

    def __init__(self, link):
        self._link = link
        self._closed = None
        self._has_left = False
        self.transport = types.SimpleNamespace(abort=lambda: link.let_go(link.down))

    @property
    def close_code(self):
        return self._closed.code if self._closed is not None else _LOST_CODE

    @property
    def close_reason(self):
        return self._closed.reason if self._closed is not None else ""

    async def recv(self):
        item = await self._link.down.get()
        if isinstance(item, Close):
            self._closed = item
            self._leave(item)
            raise ConnectionClosedOK(item, None)
        if item is _LOST:
            raise ConnectionClosedError(None, None)
        return item.decode()

    async def send(self, data, text=None):
        await self._link.yield_sometimes()
        await self._link.up.wait_room()
        if self._has_left or self._link.down.is_lost:
            raise ConnectionClosedError(None, None)
        self._link.up.put(data.decode() if isinstance(data, bytes) else data)

    async def close(self):
        self._leave(Close(1000, ""))

    def _leave(self, farewell):
        if not self._has_left:
            self._has_left = True
            if not self._link.down.is_lost:
                self._link.up.put(farewell)


def _size(item):
    return len(item) if isinstance(item, str | bytes) else 0
