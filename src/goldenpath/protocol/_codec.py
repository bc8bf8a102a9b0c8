"""Frames to bytes and back: JSON text frames, typed, capped.

Rule 1: what a client sends is checked for size, then depth, then shape; the
        first that fails is named in the error.
Rule 2: what the server sends is read leniently: unknown kinds give None, unknown
        events become ``unreadable``.
"""

from __future__ import annotations

import re

import msgspec

from goldenpath.errors import LocalProtocolError, RemoteProtocolError
from goldenpath.protocol._entries import Entry
from goldenpath.protocol._events import Unreadable
from goldenpath.protocol._frames import (
    AnyClientFrame,
    AnyServerFrame,
    ClientFrame,
    EventFrame,
    ServerFrame,
)

SUBPROTOCOL = "goldenpath.v1"

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)

_encoder = msgspec.json.Encoder()
_client_decoder: msgspec.json.Decoder[AnyClientFrame] = msgspec.json.Decoder(
    AnyClientFrame
)
_server_decoder: msgspec.json.Decoder[AnyServerFrame] = msgspec.json.Decoder(
    AnyServerFrame
)


class _Kind(msgspec.Struct):
    frame: str | None = None
    id: str | None = None


class _LooseEvent(msgspec.Struct, kw_only=True):
    log: str
    epoch: str
    incarnation: str
    number: int
    time: float = 0.0
    event: dict[str, object] = {}
    first: int | None = None
    run: str | None = None


_kind_decoder = msgspec.json.Decoder(_Kind)
_loose_decoder = msgspec.json.Decoder(_LooseEvent)
_KINDS = frozenset(str(kind.__struct_config__.tag) for kind in AnyClientFrame.__args__)


def encode_frame(frame: ServerFrame | ClientFrame) -> bytes:
    """Return a frame as JSON."""
    return _encoder.encode(frame)


def decode_client_frame(
    data: str | bytes, *, max_bytes: int, max_depth: int
) -> AnyClientFrame:
    """Return what a client sent.

    Raises:
        RemoteProtocolError: With ``too_large``, ``too_deep``, ``bad_message`` or
            ``unknown_frame``.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > max_bytes:
        raise RemoteProtocolError(
            "too_large", f"a frame of {len(raw)} bytes; the limit is {max_bytes}"
        )
    if _is_deeper_than(raw, max_depth):
        raise RemoteProtocolError(
            "too_deep", f"a frame is nested deeper than {max_depth} levels"
        )
    try:
        return _client_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _explained(raw, error) from None


def decode_server_frame(data: str | bytes) -> AnyServerFrame | None:
    """Return what the server sent, or None for a kind that is not known.

    Raises:
        LocalProtocolError: It is not a frame at all.
    """
    try:
        return _server_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        try:
            kind = _kind_decoder.decode(data).frame
            if kind == "event":
                return _placeholder(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            kind = None
        if kind is None:
            raise LocalProtocolError(f"the server sent no frame: {error}") from error
        return None


def event_frame(entry: Entry) -> EventFrame:
    """Return an entry as the frame that carries it."""
    decoded = entry.decoded
    return EventFrame(
        log=entry.log,
        epoch=entry.epoch,
        incarnation=entry.incarnation,
        number=entry.number,
        time=decoded.time,
        event=decoded.event,
        first=entry.first if entry.first != entry.number else None,
        run=decoded.run,
    )


def _placeholder(data: str | bytes) -> EventFrame:
    loose = _loose_decoder.decode(data)
    return EventFrame(
        log=loose.log,
        epoch=loose.epoch,
        incarnation=loose.incarnation,
        number=loose.number,
        time=loose.time,
        event=Unreadable(original=str(loose.event.get("type", ""))),
        first=loose.first,
        run=loose.run,
    )


def _explained(raw: bytes, error: Exception) -> RemoteProtocolError:
    """Say which of the reasons it was, and for which request."""
    try:
        kind = _kind_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return RemoteProtocolError("bad_message", f"not a frame: {error}")
    if kind.frame is not None and kind.frame not in _KINDS:
        return RemoteProtocolError(
            "unknown_frame",
            f"no frame is called {kind.frame[:40]!r}",
            request=kind.id,
        )
    return RemoteProtocolError("bad_message", str(error), request=kind.id)


def _is_deeper_than(raw: bytes, limit: int) -> bool:
    # Most frames have fewer brackets than the limit has levels.
    if raw.count(b"{") + raw.count(b"[") <= limit:
        return False
    depth = 0
    for byte in _STRINGS.sub(b"", raw):
        if byte in b"{[":
            depth += 1
            if depth > limit:
                return True
        elif byte in b"}]":
            depth -= 1
    return False
