"""Events in their place in a log: entries, pages of them, hints about them.

Rule 1: an event is encoded once, when it is made. Its bytes are stored, and the
        same bytes go to every reader; what stands before them in a frame depends
        on the place only.
Rule 2: an entry that cannot be decoded spoils only itself, here and on the wire.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterable, Sequence

import msgspec

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._events import (
    EVENT_TYPES,
    AnyEvent,
    Event,
    Unreadable,
    event_type,
)

_SPAN_AND_LENGTH = struct.Struct(">II")
_BODY_BEGINS = b'{"time":'
_encoder = msgspec.json.Encoder()


class Body(msgspec.Struct, frozen=True):
    """What is stored of an event: all but its place.

    Attributes:
        time: When it was made, in seconds since 1970.
        event: The event.
        run: The run that it belongs to, if any.
    """

    time: float
    event: AnyEvent
    run: str | None = None


class _RawBody(msgspec.Struct):
    time: float = 0.0
    event: dict[str, object] = {}
    run: str | None = None


_body_decoder = msgspec.json.Decoder(Body)
_raw_body_decoder = msgspec.json.Decoder(_RawBody)
# RecursionError: nested too deeply for the decoder itself.
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)


def encode_body(event: Event, *, time: float, run: str | None = None) -> bytes:
    """Return the bytes that are stored for an event: a JSON object."""
    head = f'{{"time":{time:.3f},'
    if run is not None:
        head += f'"run":{_encoder.encode(run).decode()},'
    return head.encode() + b'"event":' + _encoder.encode(event) + b"}"


def decode_body(body: bytes) -> Body:
    """Return what the bytes say; what cannot be read becomes ``unreadable``."""
    try:
        return _body_decoder.decode(body)
    except _UNREADABLE:
        pass
    try:
        raw = _raw_body_decoder.decode(body)
    except _UNREADABLE:
        return Body(time=0.0, event=Unreadable())
    original = raw.event.get("type")
    return Body(
        time=raw.time,
        event=Unreadable(original=original if isinstance(original, str) else ""),
        run=raw.run,
    )


class Entry:
    """An event in its place.

    Attributes:
        log: The log's name.
        epoch: The log's epoch.
        incarnation: The start of the store that wrote it.
        first: The first number that it covers.
        number: The last; the same as ``first`` unless it is a range.
        body: What is stored of it.
        joined: The last range that was made of it and what follows it; readers that
            hold the same entry share it.
    """

    __slots__ = (
        "_body",
        "_frame",
        "body",
        "epoch",
        "first",
        "incarnation",
        "joined",
        "log",
        "number",
    )

    def __init__(
        self,
        *,
        log: str,
        epoch: str,
        incarnation: str,
        first: int,
        number: int,
        body: bytes,
    ) -> None:
        self.log = log
        self.epoch = epoch
        self.incarnation = incarnation
        self.first = first
        self.number = number
        self.body = body
        self.joined: Entry | None = None
        self._body: Body | None = None
        self._frame: bytes | None = None

    def __repr__(self) -> str:
        """Show the place and the type."""
        return f"<Entry {self.log} {self.first}..{self.number} {self.type}>"

    @property
    def decoded(self) -> Body:
        """Time, event and run."""
        if self._body is None:
            self._body = decode_body(self.body)
        return self._body

    @property
    def event(self) -> AnyEvent:
        """The event."""
        return self.decoded.event

    @property
    def run(self) -> str | None:
        """The run that it belongs to, if any."""
        return self.decoded.run

    @property
    def type(self) -> str:
        """The wire's word for the event's type."""
        return event_type(self.event)

    @property
    def cursor(self) -> Cursor:
        """Where a reader stands that has applied it."""
        return Cursor(self.epoch, self.incarnation, self.number)

    @property
    def frame(self) -> bytes:
        """The ``event`` frame that carries it; made once."""
        if self._frame is None:
            place = f'{{"frame":"event","log":{_encoder.encode(self.log).decode()},'
            place += f'"epoch":"{self.epoch}","incarnation":"{self.incarnation}",'
            if self.first != self.number:
                place += f'"first":{self.first},'
            place += f'"number":{self.number},'
            self._frame = place.encode() + self._sound_body()[1:]
        return self._frame

    def _sound_body(self) -> bytes:
        """Return the body, or one that says ``unreadable`` where it would do harm."""
        decoded = self.decoded
        event = decoded.event
        # A newer process may have written a type that only newer clients know.
        is_meant = not isinstance(event, Unreadable) or (
            event.original not in ("", *EVENT_TYPES)
        )
        if is_meant and self.body.startswith(_BODY_BEGINS) and _is_text(self.body):
            return self.body
        return encode_body(event, time=decoded.time, run=decoded.run)


def _is_text(body: bytes) -> bool:
    # The decoder does not look into fields that it skips.
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def pack(items: Iterable[tuple[int, bytes]]) -> bytes:
    """Join bodies, each with the count of numbers that it covers."""
    parts: list[bytes] = []
    for span, body in items:
        parts.append(_SPAN_AND_LENGTH.pack(span, len(body)))
        parts.append(body)
    return b"".join(parts)


def unpack(packed: bytes) -> list[tuple[int, bytes]]:
    """Split what :func:`pack` joined."""
    items = []
    at = 0
    while at + _SPAN_AND_LENGTH.size <= len(packed):
        span, length = _SPAN_AND_LENGTH.unpack_from(packed, at)
        at += _SPAN_AND_LENGTH.size
        items.append((span, packed[at : at + length]))
        at += length
    return items


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """What reading a log gave.

    Attributes:
        log: The log's name.
        epoch: Its epoch now.
        incarnation: The present start of the store.
        head: The log's last number at the time of reading.
        entries: Entries in order.
        is_valid: Whether the reader's cursor names a place in this log; if not,
            there are no entries and the reader needs a snapshot.
    """

    log: str
    epoch: str
    incarnation: str
    head: int
    entries: Sequence[Entry]
    is_valid: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Hint:
    """What the bus says: a log has moved.

    Attributes:
        log: The log's name.
        epoch: Its epoch.
        incarnation: The start of the store that wrote the entries.
        first: The first number that is new.
        last: The log's head by then.
        entries: The entries ``first`` to ``last``, or nothing: then read the log.
    """

    log: str
    epoch: str
    incarnation: str
    first: int
    last: int
    entries: Sequence[Entry] = ()
