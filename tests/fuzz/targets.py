"""What is fuzzed: functions of bytes that raise if a law is broken.

``tests/fuzz`` calls them with what hypothesis draws, ``tools/fuzz.py`` with what
atheris finds by watching which lines are reached.
"""

from __future__ import annotations

import asyncio
import enum
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from goldenpath.asgi._answers import body_of
from goldenpath.asgi._routes import _Login
from goldenpath.errors import RefusedError, RemoteProtocolError
from goldenpath.protocol._codec import (
    decode_client_frame,
    decode_server_frame,
    encode_frame,
    request_of,
)
from goldenpath.protocol._entries import Entry, decode_body, encode_body, pack, unpack
from goldenpath.protocol._frames import EventFrame
from tests.fuzz.wire import LIMITS, serve

HEAD = (
    b"GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def client_frame(data: bytes) -> None:
    """Whatever a client sends is a frame, or refused as one."""
    request_of(data)
    try:
        frame = decode_client_frame(data, max_bytes=1 << 18, max_depth=16)
    except RemoteProtocolError as error:
        _require(error, "bad_message", "too_deep", "too_large", "unknown_frame")
        return
    assert decode_client_frame(encode_frame(frame), max_bytes=1 << 20, max_depth=16)


def server_frame(data: bytes) -> None:
    """Whatever a server sends is a frame, unknown, or refused."""
    try:
        frame = decode_server_frame(data)
    except RemoteProtocolError:
        return
    if frame is not None:
        again = decode_server_frame(encode_frame(frame))
        assert again == frame or repr(again) == repr(frame)


def stored_body(data: bytes) -> None:
    """Whatever is in the database is an event, if only one that cannot be read."""
    body = decode_body(data)
    encode_body(body.event, time=body.time, run=body.run)
    entry = Entry(
        log="thread:t", epoch="e", incarnation="i", first=1, number=1, body=data
    )
    # What readers are sent is JSON in any case, and in its place.
    frame = decode_server_frame(entry.frame)
    assert isinstance(frame, EventFrame)
    assert (frame.log, frame.number) == ("thread:t", 1)
    json.loads(entry.frame)


def stored_row(data: bytes) -> None:
    """A row that is damaged is entries all the same, and never more than it has."""
    items = unpack(data)
    assert sum(len(body) for _, body in items) <= len(data)
    if pack(items) == data:
        assert unpack(pack(items)) == items


def request_body(data: bytes) -> None:
    """The body of a login is one, or refused."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": data, "more_body": False}

    headers = [(b"content-type", b"application/json")]
    request = Request({"type": "http", "headers": headers}, receive)
    try:
        asyncio.run(body_of(request, _Login))
    except (RemoteProtocolError, RefusedError) as error:
        _require(error, "bad_message", "too_large")


def _require(error: RemoteProtocolError | RefusedError, *codes: str) -> None:
    assert error.code in codes, error


def websocket(data: bytes) -> None:
    """Of what follows a handshake, the application hears what another parser hears."""
    *chunks, data = _cut(data)
    outcome = serve([HEAD, *chunks])
    assert outcome.errors == []
    assert outcome.ended is not None
    assert outcome.asked == ["/ws"]
    assert outcome.written.startswith(b"HTTP/1.1 101 ")
    heard, mistake = messages_in(data)
    # Never another one, and never one too many.
    assert outcome.heard == heard[: len(outcome.heard)]
    if mistake is Mistake.NONE:
        assert outcome.heard == heard
    if mistake is Mistake.IN_A_FRAME:
        # picows looks at the next head before it hands a frame over.
        assert len(outcome.heard) >= len(heard) - 1


def http(data: bytes) -> None:
    """Whatever is a request is answered, and whatever is none ends the connection."""
    outcome = serve(_cut(data)[:-1])
    assert outcome.errors == []
    assert not outcome.written or outcome.written.startswith(b"HTTP/1.1 ")


def _cut(data: bytes) -> list[bytes]:
    """Return the pieces into which the last byte says to cut the others, and these."""
    whole, size = data[:-1], 1 + data[-1] if data else 1
    return [*(whole[at : at + size] for at in range(0, len(whole), size)), whole]


class Mistake(enum.Enum):
    """What was wrong with bytes that a peer sent."""

    NONE = enum.auto()
    IN_A_FRAME = enum.auto()
    TOO_MUCH = enum.auto()  # beyond limits of ours that others have not


def messages_in(data: bytes) -> tuple[list[str | bytes], Mistake]:
    """Return the messages that ``websockets`` finds, up to the first mistake."""
    reference = ServerProtocol(state=OPEN, max_size=LIMITS.message_bytes)
    reference.receive_data(data)
    reference.receive_eof()
    messages: list[str | bytes] = []
    pieces: list[Frame] = []
    control = fragments = 0
    for frame in reference.events_received():
        assert isinstance(frame, Frame)
        if frame.opcode is Opcode.CLOSE:
            break
        if frame.opcode in (Opcode.PING, Opcode.PONG):
            control += 1
            continue
        # Empty fragments count as control frames do.
        control += bool(pieces) and not frame.fin and not frame.data
        pieces.append(frame)
        fragments = max(fragments, len(pieces))
        if not frame.fin:
            continue
        whole = b"".join(bytes(piece.data) for piece in pieces)
        is_text = pieces[0].opcode is Opcode.TEXT
        pieces = []
        try:
            messages.append(whole.decode() if is_text else whole)
        except UnicodeDecodeError:
            break
    if control > LIMITS.control_frames_burst or fragments > LIMITS.message_fragments:
        return messages, Mistake.TOO_MUCH
    # It judges a frame that is not whole by its length alone.
    problem = reference.parser_exc
    is_sound = problem is None or str(problem) == "unexpected end of stream"
    return messages, Mistake.NONE if is_sound else Mistake.IN_A_FRAME


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        client_frame,
        server_frame,
        stored_body,
        stored_row,
        request_body,
        websocket,
        http,
    )
}
