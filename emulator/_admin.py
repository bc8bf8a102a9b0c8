"""The host's admin over HTTP, for what is driven from other languages or by hand.

``GET /instances`` lists them. Everything else is a POST without a body:

* ``/instances/N/kill``, ``/terminate``, ``/freeze``, ``/thaw``, ``/throttle/SHARE``
* ``/scale/N``, ``/deploy``
* ``/connections/cut/HOW``, ``/connections/stall/WAY``, ``/connections/release/WAY``
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from emulator._heads import HEAD_BYTES, HeadError, read_head

if TYPE_CHECKING:
    from emulator._emulator import Emulator


class Admin:
    """Listens on a port of its own.

    Args:
        emulator: What it drives.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.port = 0
        self._emulator = emulator
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        """Listen on a port of this machine; 0 takes a free one."""
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", port, limit=HEAD_BYTES
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            head = read_head(await reader.readuntil(b"\r\n\r\n"))
            assert head is not None
            status, answer = await self._answer(head.method, head.target)
        except (HeadError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            status, answer = 400, {"error": "no request"}
        body = json.dumps(answer).encode()
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            "connection: close",
        ]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        writer.close()
        await writer.wait_closed()

    async def _answer(self, method: str, target: str) -> tuple[int, Any]:
        words = target.strip("/").split("/")
        if method == "GET" and words == ["instances"]:
            return 200, [
                {
                    "number": each.number,
                    "revision": each.revision,
                    "state": each.state,
                    "port": each.port,
                    "open_requests": each.open_requests,
                    "is_stopped": each.is_stopped,
                    "status": each.status,
                }
                for each in self._emulator.instances
            ]
        if method != "POST":
            return 405, {"error": "GET /instances, or POST"}
        try:
            found = await self._act(words)
        except (ValueError, KeyError):
            found = False
        return (200, {"ok": True}) if found else (404, {"error": "no such thing"})

    async def _act(self, words: list[str]) -> bool:
        emulator = self._emulator
        match words:
            case ["instances", number, "kill"]:
                await emulator.kill(int(number))
            case ["instances", number, "terminate"]:
                await emulator.terminate(int(number))
            case ["instances", number, "freeze"]:
                await emulator.freeze(int(number))
            case ["instances", number, "thaw"]:
                await emulator.thaw(int(number))
            case ["instances", number, "throttle", share]:
                await emulator.throttle(float(share), int(number))
            case ["scale", count]:
                await emulator.scale_to(int(count))
            case ["deploy"]:
                await emulator.deploy()
            case ["connections", "cut", ("fin" | "rst" | "torn") as how]:
                emulator.cut(how)
            case ["connections", "stall", ("up" | "down") as direction]:
                emulator.stall(direction)
            case ["connections", "release", ("up" | "down") as direction]:
                emulator.release(direction)
            case _:
                return False
        return True
