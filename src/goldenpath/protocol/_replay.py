"""One reader's way through one log, from its cursor to live and on.

Subscribe comes before replay: an entry appended between the two is held back and
released in order. The other way round it would fall in the gap.

Rule 1: what comes out is contiguous, whatever the bus lost, repeated or delayed.
Rule 2: a hint is applied only if its epoch and incarnation are the known ones and
        its first number is the next; otherwise the log is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._entries import Entry, Hint, Page

# What a reader holds back while it reads; beyond that it reads once more.
_HELD_ENTRIES = 256


class Replay:
    """Decide what one reader is sent from one log.

    Args:
        log: The log's name.
        cursor: The reader's cursor, or None if it has none.
    """

    __slots__ = ("_heard_of", "_held", "_incarnation", "cursor", "is_live", "log")

    def __init__(self, log: str, cursor: Cursor | None) -> None:
        self.log = log
        self.cursor = cursor
        self.is_live = False
        self._heard_of = 0
        self._incarnation: str | None = None
        self._held: list[Entry] = []

    @property
    def is_behind(self) -> bool:
        """Whether the log has to be read."""
        return not self.is_live

    def hint(self, hint: Hint) -> Sequence[Entry]:
        """Take a hint in; return the entries that may be sent now."""
        self._heard_of = max(self._heard_of, hint.last)
        if not self.is_live:
            # A fresh number in a hint of another epoch is found by reading too.
            if len(self._held) + len(hint.entries) <= _HELD_ENTRIES:
                self._held.extend(hint.entries)
            return ()
        assert self.cursor is not None
        if hint.epoch == self.cursor.epoch and hint.last <= self.cursor.number:
            return ()
        fresh = self._fresh(hint.entries)
        if not fresh or fresh[-1].number < hint.last:
            self.is_live = False
        return fresh

    def head(self, number: int, *, epoch: str) -> None:
        """Take in where the log's head is, as read from the log."""
        self._heard_of = max(self._heard_of, number)
        if self.cursor is None or self.cursor.epoch != epoch:
            self.is_live = False
        elif self.cursor.number != number:
            # Ahead of the head is as wrong as behind it: reading tells.
            self.is_live = False

    def page(self, page: Page) -> Sequence[Entry]:
        """Take in what was read after the cursor; return what may be sent now.

        After an invalid page nothing may be sent but a snapshot: see `restart`.
        """
        assert page.is_valid
        assert self.cursor is not None
        self._incarnation = page.incarnation
        sent = [entry for entry in page.entries if entry.number > self.cursor.number]
        if sent:
            self.cursor = sent[-1].cursor
        if self.cursor.number < page.head:
            return sent  # there is another page
        sent.extend(self._release())
        self.is_live = self.cursor.number >= self._heard_of
        if not self.is_live and self.cursor.number == page.head:
            # A hint spoke of numbers that the log, read after it, does not have:
            # it was from another history. Believe the log.
            self._heard_of = page.head
        return sent

    def restart(self, cursor: Cursor, *, incarnation: str) -> Sequence[Entry]:
        """Go on after a snapshot that stands at `cursor`."""
        self.cursor = cursor
        self._incarnation = incarnation
        released = self._release()
        self.is_live = self.cursor.number >= self._heard_of
        return released

    def _release(self) -> Sequence[Entry]:
        held, self._held = self._held, []
        held.sort(key=lambda entry: entry.number)
        return self._fresh(held)

    def _fresh(self, entries: Sequence[Entry]) -> list[Entry]:
        """Take the entries that continue the cursor, and advance it."""
        assert self.cursor is not None
        epoch, number = self.cursor.epoch, self.cursor.number
        fresh: list[Entry] = []
        for entry in entries:
            if entry.epoch != epoch or entry.incarnation != self._incarnation:
                continue
            if entry.number <= number:
                continue
            if entry.first != number + 1:
                break
            fresh.append(entry)
            number = entry.number
        if fresh:
            self.cursor = fresh[-1].cursor
        return fresh
