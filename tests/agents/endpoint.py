"""An OpenAI-compatible endpoint for tests: a real server, exact to the byte."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any


@dataclasses.dataclass
class Scripted:
    """What the endpoint answers to one request.

    ``end`` is *whole*, *cut* (the connection is dropped in the middle) or *stall*
    (nothing more comes, until the client leaves).
    """

    pieces: list[bytes]
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    end: str = "whole"


class Endpoint:
    def __init__(self, scripts: list[Scripted]) -> None:
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.paths: list[str] = []
        self.sent_all = asyncio.Event()
        self.client_left = asyncio.Event()
        self.url = ""
        self._scripts = scripts

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        # Lower case would hide what the key's header really holds.
        for line in head[1:]:
            if line.lower().startswith("authorization"):
                headers["authorization"] = line.split(": ", 1)[1]
        body = await reader.readexactly(int(headers["content-length"]))
        self.paths.append(head[0])
        self.requests.append((headers, json.loads(body)))
        script = self._scripts.pop(0)
        lines = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        lines |= script.headers
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"HTTP/1.1 {script.status} X\r\n{text}\r\n".encode())
        for piece in script.pieces:
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        self.sent_all.set()
        if script.end == "whole":
            writer.write(b"0\r\n\r\n")
            return True
        if script.end == "stall":
            await reader.read()
            self.client_left.set()
        return False


@contextlib.asynccontextmanager
async def endpoint(*scripts: Scripted) -> AsyncIterator[Endpoint]:
    served = Endpoint(list(scripts))
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    served.url = f"http://{host}:{port}/v1"
    try:
        yield served
    finally:
        server.close()


def event(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def delta(finish: str | None = None, **fields: Any) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]})


def said(*texts: str) -> Scripted:
    """Return a whole reply."""
    pieces = [delta(content=text) for text in texts]
    return Scripted([*pieces, delta("stop"), event("[DONE]")])


def calls(*pieces: dict[str, Any]) -> Scripted:
    """Return a reply that asks for tools."""
    deltas = [delta(tool_calls=[piece]) for piece in pieces]
    return Scripted([*deltas, delta("tool_calls"), event("[DONE]")])


def call(name: str, arguments: str, index: int = 0) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"index": index, "id": f"call-{index}", "function": function}
