"""What each run's next event may be, remembered between its batches.

The log itself is the truth: what is remembered is completed from the entries that
came since, and built from them alone where nothing is remembered.
"""

from __future__ import annotations

import dataclasses
import sqlite3

from goldenpath.errors import OrderError
from goldenpath.logs import _entries_table
from goldenpath.logs._runs_table import Run
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._events import Event
from goldenpath.protocol._order import RunOrder


class Orders:
    """The orders of runs under way; for the writer's thread only."""

    def __init__(self) -> None:
        # Of each run: its order, and the number up to which the log was seen.
        self._known: dict[str, tuple[RunOrder, int]] = {}
        self._undone = 0

    def of(self, connection: sqlite3.Connection, run: Run, *, undone: int) -> RunOrder:
        """Return what may come next in a run.

        Args:
            connection: In a transaction.
            run: The run.
            undone: The database's count of what was taken back.
        """
        if undone != self._undone:
            self._known.clear()
            self._undone = undone
        order, seen = self._known.get(run.id, (RunOrder(), run.message))
        for entry in _entries_table.after(connection, thread_log(run.thread), seen):
            if entry.run == run.id:
                order = _replayed(order, entry.event)
        return order

    def remember(self, run: str, order: RunOrder, *, seen: int) -> None:
        """Remember a run's order as of an entry's number."""
        self._known[run] = (order, seen)

    def forget(self, run: str) -> None:
        """Forget a run that ended."""
        self._known.pop(run, None)


def _replayed(order: RunOrder, event: Event) -> RunOrder:
    """Return the order after an event that is in the log already.

    What a damaged entry leaves behind must not keep the run from ever ending.
    """
    try:
        return order.after(event)
    except OrderError:
        return dataclasses.replace(order, is_started=True)
