"""What a bus promises: next to nothing, and that is enough.

A bus carries hints: "this log has moved to that number, and here, probably, are the
entries". It may lose, repeat, delay or reorder them. Whoever listens notices a hole
by the numbers and reads the log, and looks at the heads now and then in case the
last hint was lost. So no promise of the product depends on a bus.

**What is promised.** After ``subscribe`` has returned, a hint that is published
later may arrive. ``heard`` is called on the event loop, never from another thread,
and never from inside ``subscribe``.

**What a listener must do.** Return at once, and not raise. If ``start`` or
``subscribe`` raise ``BusError``, try again now and then, and look at the heads
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from goldenpath.protocol._entries import Hint

Heard = Callable[[Hint], None]


class Bus(Protocol):
    """Carries hints between those who write logs and those who follow them."""

    async def start(self) -> None:
        """Make ready to be used.

        Raises:
            BusError: It cannot be reached now.
        """

    async def stop(self) -> None:
        """Let go of everything; what is on its way may be lost."""

    def publish(self, hints: Iterable[Hint]) -> None:
        """Send hints on their way; never waits, never raises."""

    async def subscribe(self, log: str, heard: Heard) -> None:
        """Have ``heard`` called with hints about a log.

        Raises:
            BusError: It cannot be reached now.
        """

    def unsubscribe(self, log: str, heard: Heard) -> None:
        """Undo :meth:`subscribe`; no call follows."""
