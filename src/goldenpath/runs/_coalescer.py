"""Pieces of an answer, gathered where they are made. Pure.

The first piece leaves at once, so that something moves; after that pieces wait for
at most ``every`` seconds or ``max_bytes``. Anything that is not a piece of text
flushes what came before it.

Rule 1: offsets count UTF-16 code units, as JavaScript does.
Rule 2: no delta splits a code point, whatever the pieces did.
"""

from __future__ import annotations

import msgspec

from goldenpath.protocol._events import (
    AgentThinking,
    Event,
    TextDelta,
    utf16_length,
)

# Of one delta; its frame stays far below the limit.
_PIECE_CHARACTERS = 8 * 1024


class Coalescer:
    """Turn what an agent says into events.

    Args:
        every: Seconds between two batches of text.
        max_bytes: A batch of text that is larger leaves at once.
    """

    def __init__(self, *, every: float, max_bytes: int) -> None:
        self._every = every
        self._max_bytes = max_bytes
        self._pending: list[Event] = []
        self._is_urgent = True
        self._took_at: float | None = None
        # Of each kind of text: its block and how long that is.
        self._reached: dict[type[Event], tuple[int, int]] = {}
        self._last: type[Event] | None = None
        # Half a code point that was said, and as what.
        self._half: tuple[type[TextDelta | AgentThinking], str] | None = None
        self.pending_bytes = 0

    def text(self, piece: str) -> list[Event]:
        """Add a piece of the answer; return the events that it became."""
        return self._add(TextDelta, piece)

    def thinking(self, piece: str) -> list[Event]:
        """Add a piece of reasoning; return the events that it became."""
        return self._add(AgentThinking, piece)

    def event(self, event: Event) -> list[Event]:
        """Add any other event; return those that text before it became."""
        added = self.settle()
        self._pending.append(event)
        self._last = type(event)
        self._is_urgent = True
        self.pending_bytes += len(msgspec.json.encode(event))
        return added

    def settle(self) -> list[Event]:
        """Give half a code point up, as no other half will come."""
        if self._half is None:
            return []
        kind, _ = self._half
        self._half = None
        return self._append(kind, "\ufffd")

    def due(self) -> float | None:
        """Return when the next batch leaves: None if nothing waits, 0.0 for now."""
        if not self._pending:
            return None
        if self._is_urgent or self._took_at is None:
            return 0.0
        if self.pending_bytes >= self._max_bytes:
            return 0.0
        return self._took_at + self._every

    def take(self, *, now: float) -> list[Event]:
        """Return what waits."""
        batch, self._pending = self._pending, []
        self._is_urgent = False
        self._took_at = now
        self.pending_bytes = 0
        return batch

    def _add(self, kind: type[TextDelta | AgentThinking], piece: str) -> list[Event]:
        added: list[Event] = []
        if self._half is not None and self._half[0] is not kind:
            added = self.settle()
        return added + self._append(kind, self._whole(kind, piece))

    def _append(self, kind: type[TextDelta | AgentThinking], piece: str) -> list[Event]:
        added: list[Event] = []
        for start in range(0, len(piece), _PIECE_CHARACTERS):
            text = piece[start : start + _PIECE_CHARACTERS]
            block, length = self._reached.get(kind, (0, 0))
            # Something else came in between: a new stretch begins.
            if length and self._last is not kind:
                block, length = block + 1, 0
            event = kind(text=text, block=block, offset=length)
            self._reached[kind] = (block, length + utf16_length(text))
            self._last = kind
            self._gather(event)
            self.pending_bytes += len(text.encode())
            added.append(event)
        return added

    def _gather(self, event: TextDelta | AgentThinking) -> None:
        last = self._pending[-1] if self._pending else None
        if (
            isinstance(last, TextDelta | AgentThinking)
            and type(last) is type(event)
            and last.block == event.block
            and len(last.text) + len(event.text) <= _PIECE_CHARACTERS
        ):
            text = last.text + event.text
            self._pending[-1] = msgspec.structs.replace(last, text=text)
        else:
            self._pending.append(event)

    def _whole(self, kind: type[TextDelta | AgentThinking], piece: str) -> str:
        """Hold half a code point back; what never becomes whole is replaced."""
        if self._half is not None:
            piece = self._half[1] + piece
            self._half = None
        if piece.isascii():
            return piece
        if "\ud800" <= piece[-1] <= "\udbff":
            self._half = (kind, piece[-1])
            piece = piece[:-1]
        return piece.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
