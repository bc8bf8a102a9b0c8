"""A device's copy of one log: the same three lines in every language.

``number`` at or below the cursor: drop. ``first`` beyond the cursor + 1: something
is missing, resume. Otherwise apply, advance, and store the cursor with the state.
"""

from __future__ import annotations

import enum

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._frames import EventFrame, Snapshot, ThreadSummary
from goldenpath.protocol._transcript import Transcript


class Applied(enum.Enum):
    """What became of an event frame."""

    APPLIED = "applied"
    DROPPED = "dropped"  # seen before
    MISSING = "missing"  # there is a hole before it: resume from the cursor


class Replica:
    """What a device holds of one log.

    Attributes:
        log: The log's name.
        cursor: The last entry that was applied, or None before the first frame.
        transcript: The fold over the events, for a thread's log.
        before: Older events exist before this number.
        threads: A user log's newest threads as of its last snapshot.
    """

    def __init__(self, log: str) -> None:
        self.log = log
        self.cursor: Cursor | None = None
        self.transcript = Transcript()
        self.before: int | None = None
        self.threads: tuple[ThreadSummary, ...] = ()

    def event(self, frame: EventFrame) -> Applied:
        """Take in an event frame of this log."""
        if self.cursor is None or frame.epoch != self.cursor.epoch:
            return Applied.MISSING
        if frame.number <= self.cursor.number:
            return Applied.DROPPED
        if (frame.first or frame.number) > self.cursor.number + 1:
            return Applied.MISSING
        self.transcript.apply(frame)
        self.cursor = Cursor(frame.epoch, frame.incarnation, frame.number)
        return Applied.APPLIED

    def snapshot(self, frame: Snapshot) -> None:
        """Replace all that is held."""
        self.transcript = Transcript()
        for event in frame.state.events:
            self.transcript.apply(event)
        self.before = frame.state.before
        self.threads = frame.state.threads
        self.cursor = frame.cursor
