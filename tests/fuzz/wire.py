"""Our server class without a network: bytes in, and what it makes of them."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import logging
import socket
from collections.abc import Iterable
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from goldenpath.server._door import Door
from goldenpath.server._http import HTTPProtocol
from goldenpath.server._limits import Limits

LIMITS = Limits(message_bytes=4096)
_WITHIN = 10.0


@functools.cache
def _sockets() -> tuple[socket.socket, socket.socket]:
    """Return a connection: picows sets its options, and writes to it where it can.

    One for all, as thousands would use up the ports.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        theirs = socket.create_connection(listening.getsockname())
        ours, _ = listening.accept()
    for end in (ours, theirs):
        end.setblocking(False)
    return ours, theirs


class Transport(asyncio.Transport):
    """Takes what is written, and hands over what a test has to say."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.written = b""
        self.is_reading = True
        self._loop = loop
        self._is_closing = False
        self._protocol: Any = None
        self._ours, self._theirs = _sockets()

    def hand(self, data: bytes) -> None:
        """Hand bytes to whoever is the protocol now."""
        while data and not self._is_closing:
            if isinstance(self._protocol, asyncio.BufferedProtocol):
                room = self._protocol.get_buffer(-1)
                size = min(len(room), len(data))
                room[:size] = data[:size]
                self._protocol.buffer_updated(size)
            else:
                size = len(data)
                self._protocol.data_received(data)
            data = data[size:]

    def hand_end(self) -> None:
        """Say that nothing more will come."""
        if not self._is_closing and not self._protocol.eof_received():
            self.close()

    # What a protocol asks of a transport.

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def writelines(self, pieces: Iterable[Any]) -> None:
        self.written += b"".join(pieces)

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: Any = None, low: Any = None) -> None:
        pass

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        pass

    def pause_reading(self) -> None:
        self.is_reading = False

    def resume_reading(self) -> None:
        self.is_reading = True

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._loop.call_soon(self._lose)

    abort = close

    def _lose(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := self._theirs.recv(1 << 20):
                self.written += data
        self._protocol.connection_lost(None)

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol

    def get_protocol(self) -> Any:
        return self._protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        known = {"socket": self._ours, "peername": ("127.0.0.1", 1)}
        return known.get(name, default)


@dataclasses.dataclass
class Outcome:
    """What a server made of some bytes.

    Attributes:
        heard: The messages that its application was handed.
        asked: The paths of the requests that it was handed.
        ended: How it was told that the WebSocket is over: the code; or None.
        written: What the peer was sent.
        errors: What was logged as an error.
    """

    heard: list[str | bytes] = dataclasses.field(default_factory=list)
    asked: list[str] = dataclasses.field(default_factory=list)
    ended: int | None = None
    written: bytes = b""
    errors: list[str] = dataclasses.field(default_factory=list)


class _Errors(logging.Handler):
    def __init__(self, errors: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._errors = errors

    def emit(self, record: logging.LogRecord) -> None:
        self._errors.append(record.getMessage())


def serve(chunks: Iterable[bytes]) -> Outcome:
    """Let a server of its own read chunks of bytes, and then the end."""
    outcome = Outcome()
    errors = _Errors(outcome.errors)
    logging.getLogger().addHandler(errors)
    try:
        asyncio.run(_serve(list(chunks), outcome))
    finally:
        logging.getLogger().removeHandler(errors)
    return outcome


async def _serve(chunks: list[bytes], outcome: Outcome) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        outcome.asked.append(scope["path"])
        if scope["type"] == "http":
            await _answer(receive, send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            text = message.get("text")
            outcome.heard.append(message["bytes"] if text is None else text)
        outcome.ended = message["code"]

    loop = asyncio.get_running_loop()
    state, door = ServerState(), Door(LIMITS)
    # The class is made here, not by uvicorn: what it would be made of is left out.
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    protocol = HTTPProtocol(config, state, {}, loop, door=door)
    transport = Transport(loop)
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    async with asyncio.timeout(_WITHIN):
        for chunk in chunks:
            await _wait_reading(transport)
            transport.hand(chunk)
        await _wait_reading(transport)
        transport.hand_end()
        while state.tasks or state.connections:
            # What waits for a time waits for nothing but the peer, which is gone.
            transport.close()
            await asyncio.sleep(0)
    outcome.written = transport.written


async def _wait_reading(transport: Transport) -> None:
    while not transport.is_reading and not transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def _answer(receive: Any, send: Any) -> None:
    """Read a request's body, and answer it."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message["more_body"]
    length = (b"content-length", b"2")
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": b"ok"})
