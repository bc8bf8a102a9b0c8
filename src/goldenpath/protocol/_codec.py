"""Frames to bytes and back: JSON text frames, typed, capped.

Rule 1: what a client sends is checked for size, then depth, then shape; the
        first that fails is named in the error.
Rule 2: what the server sends is read leniently: unknown kinds give None, events
        that cannot be read become ``unreadable``, in a snapshot as well.
Rule 3: whatever the peer sends, nothing but RemoteProtocolError comes out.
"""

from __future__ import annotations

import itertools
import re
from typing import Annotated, Any

import msgspec

from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol._cursor import Cursor, Number
from goldenpath.protocol._entries import Entry
from goldenpath.protocol._events import AnyEvent, Unreadable
from goldenpath.protocol._frames import (
    AnyClientFrame,
    AnyServerFrame,
    ClientFrame,
    EventFrame,
    ServerFrame,
    Snapshot,
    SnapshotState,
    ThreadSummary,
    Why,
)

SUBPROTOCOL = "goldenpath.v1"

# Unrolled, because the plain alternation costs a step a character.
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_STEPS = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)
# The same as for the `id` of a request; a longer one is not repeated in an error.
_REQUEST_LENGTH = 64
# Far more than a form has that a person fills in; each costs time to look at.
_MOST_BRACKETS = 2 * 8 * 1024

_encoder = msgspec.json.Encoder()
_client_decoder: msgspec.json.Decoder[AnyClientFrame] = msgspec.json.Decoder(
    AnyClientFrame
)
_server_decoder: msgspec.json.Decoder[AnyServerFrame] = msgspec.json.Decoder(
    AnyServerFrame
)
# RecursionError: nested too deeply for the decoder itself.
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)


class _Kind(msgspec.Struct):
    frame: Any = None
    id: Any = None


class _Named(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(max_length=_REQUEST_LENGTH)] | None = None


class _LooseEvent(msgspec.Struct, kw_only=True):
    log: str
    epoch: str
    incarnation: str
    number: Number
    time: float = 0.0
    event: dict[str, Any] = {}
    first: Number | None = None
    run: str | None = None


class _LooseState(msgspec.Struct, kw_only=True):
    events: tuple[_LooseEvent, ...] = ()
    before: Number | None = None
    threads: tuple[ThreadSummary, ...] = ()
    more: bool = False


class _LooseSnapshot(msgspec.Struct, kw_only=True):
    log: str
    cursor: Cursor
    why: Why
    state: _LooseState


_kind_decoder = msgspec.json.Decoder(_Kind)
_named_decoder = msgspec.json.Decoder(_Named)
_loose_event_decoder = msgspec.json.Decoder(_LooseEvent)
_loose_snapshot_decoder = msgspec.json.Decoder(_LooseSnapshot)
_CLIENT_KINDS = frozenset(
    str(kind.__struct_config__.tag) for kind in AnyClientFrame.__args__
)
_SERVER_KINDS = frozenset(
    str(kind.__struct_config__.tag) for kind in AnyServerFrame.__args__
)


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
    try:
        raw = data.encode() if isinstance(data, str) else data
    except UnicodeEncodeError as error:
        raise RemoteProtocolError("bad_message", f"not a frame: {error}") from None
    if len(raw) > max_bytes:
        raise RemoteProtocolError(
            "too_large", f"a frame of {len(raw)} bytes; the limit is {max_bytes}"
        )
    if _is_too_intricate(raw, max_depth):
        raise RemoteProtocolError(
            "too_deep",
            f"a frame is nested deeper than {max_depth} levels, "
            "or has far too many arrays and objects",
        )
    try:
        return _client_decoder.decode(raw)
    except _UNREADABLE as error:
        raise _explained(raw, error) from None


def decode_server_frame(data: str | bytes) -> AnyServerFrame | None:
    """Return what the server sent, or None for a kind that is not known.

    Raises:
        RemoteProtocolError: With ``bad_message``: it is not a frame at all, or one
            of a known kind that does not have its shape.
    """
    try:
        return _server_decoder.decode(data)
    except _UNREADABLE as error:
        try:
            kind = _kind_decoder.decode(data).frame
            if kind == "event":
                return _placed(_loose_event_decoder.decode(data))
            if kind == "snapshot":
                return _with_placeholders(_loose_snapshot_decoder.decode(data))
        except _UNREADABLE:
            kind = None
        if isinstance(kind, str) and kind not in _SERVER_KINDS:
            return None
        raise RemoteProtocolError(
            "bad_message", f"the server sent no frame: {error}"
        ) from error


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


def _placed(loose: _LooseEvent) -> EventFrame:
    event: AnyEvent
    try:
        event = msgspec.convert(loose.event, AnyEvent)
    except msgspec.ValidationError:
        original = loose.event.get("type")
        event = Unreadable(original=original if isinstance(original, str) else "")
    return EventFrame(
        log=loose.log,
        epoch=loose.epoch,
        incarnation=loose.incarnation,
        number=loose.number,
        time=loose.time,
        event=event,
        first=loose.first,
        run=loose.run,
    )


def _with_placeholders(loose: _LooseSnapshot) -> Snapshot:
    return Snapshot(
        log=loose.log,
        cursor=loose.cursor,
        why=loose.why,
        state=SnapshotState(
            events=tuple(_placed(event) for event in loose.state.events),
            before=loose.state.before,
            threads=loose.state.threads,
            more=loose.state.more,
        ),
    )


def request_of(data: str | bytes) -> str | None:
    """Return which request a frame is, without taking anything else of it in."""
    try:
        return _named_decoder.decode(data).id
    except _UNREADABLE:
        return None


def _explained(raw: bytes, error: Exception) -> RemoteProtocolError:
    """Say which of the reasons it was, and for which request."""
    try:
        kind = _kind_decoder.decode(raw)
    except _UNREADABLE:
        return RemoteProtocolError("bad_message", f"not a frame: {error}")
    request = kind.id if isinstance(kind.id, str) else None
    if request is not None and len(request) > _REQUEST_LENGTH:
        request = None
    if isinstance(kind.frame, str) and kind.frame not in _CLIENT_KINDS:
        return RemoteProtocolError(
            "unknown_frame",
            f"no frame is called {kind.frame[:40]!r}",
            request=request,
        )
    return RemoteProtocolError("bad_message", str(error), request=request)


def _is_too_intricate(raw: bytes, limit: int) -> bool:
    # Most frames have fewer brackets than the limit has levels.
    if raw.count(b"{") + raw.count(b"[") <= limit:
        return False
    brackets = _STRINGS.sub(b"", raw).translate(None, _NOT_BRACKETS)
    if len(brackets) > _MOST_BRACKETS:
        return True
    steps = map(_STEPS.__getitem__, brackets)
    return max(itertools.accumulate(steps), default=0) > limit
