"""A bus that does its worst, the same each time."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Iterable

from goldenpath.buses._base import Bus, Heard
from goldenpath.protocol._entries import Entry, Hint


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BusFaults:
    """How often each fault happens to a hint, from 0 to 1.

    Attributes:
        drops: It is lost.
        repeats: It comes twice.
        delays: It comes later, up to ``delay_within`` seconds; so do copies.
        swaps: It comes after the next hint, of whatever log.
        strips: It comes without its entries.
        corrupts: It comes from another history: its epoch or its incarnation is
            not the store's.
        delay_within: The longest delay.
    """

    drops: float = 0.2
    repeats: float = 0.2
    delays: float = 0.2
    swaps: float = 0.2
    strips: float = 0.1
    corrupts: float = 0.0
    delay_within: float = 0.02


class LossyBus:
    """Wraps a bus: loses, repeats, delays and reorders hints, drawn from a seed.

    Delays use the event loop's own time, so that virtual time works. What is on its
    way reaches a listener at the latest with :meth:`flush`.

    Args:
        bus: Carries what is left.
        seed: The same seed draws the same faults for the same hints.
        faults: How often each happens; None means the defaults.
    """

    def __init__(self, bus: Bus, *, seed: int, faults: BusFaults | None = None) -> None:
        self._bus = bus
        self._random = random.Random(seed)  # noqa: S311 - it shall be predictable
        self._faults = faults or BusFaults()
        self._delayed: dict[asyncio.TimerHandle, Hint] = {}
        self._held: list[Hint] = []

    async def start(self) -> None:
        """Start the bus within."""
        await self._bus.start()

    async def stop(self) -> None:
        """Lose what is on its way and stop the bus within."""
        for timer in self._delayed:
            timer.cancel()
        self._delayed.clear()
        self._held.clear()
        await self._bus.stop()

    def publish(self, hints: Iterable[Hint]) -> None:
        """Send hints on their way, those that are not lost."""
        for hint in hints:
            self._mistreat(hint)

    async def subscribe(self, log: str, heard: Heard) -> None:
        """Subscribe to the bus within."""
        await self._bus.subscribe(log, heard)

    def unsubscribe(self, log: str, heard: Heard) -> None:
        """Undo it."""
        self._bus.unsubscribe(log, heard)

    def flush(self) -> None:
        """Deliver now what was delayed or held back."""
        delayed, self._delayed = self._delayed, {}
        for timer in delayed:
            timer.cancel()
        held, self._held = self._held, []
        self._bus.publish([*delayed.values(), *held])

    def _mistreat(self, hint: Hint) -> None:
        # All are drawn, used or not: one fault must not shift the others.
        lost, twice, swapped, bare, foreign = (
            self._random.random() < chance
            for chance in (
                self._faults.drops,
                self._faults.repeats,
                self._faults.swaps,
                self._faults.strips,
                self._faults.corrupts,
            )
        )
        if bare:
            hint = dataclasses.replace(hint, entries=())
        if foreign:
            hint = self._of_another_history(hint)
        held, self._held = self._held, []
        if not lost:
            if swapped:
                self._held.append(hint)
            else:
                self._send(hint)
            if twice:
                self._send(hint)
        for other in held:
            self._send(other)

    def _send(self, hint: Hint) -> None:
        is_late = self._random.random() < self._faults.delays
        delay = self._random.uniform(0, self._faults.delay_within)
        if not is_late:
            self._bus.publish([hint])
            return
        loop = asyncio.get_running_loop()

        def arrive() -> None:
            del self._delayed[timer]
            self._bus.publish([hint])

        timer = loop.call_later(delay, arrive)
        self._delayed[timer] = hint

    def _of_another_history(self, hint: Hint) -> Hint:
        name = f"corrupt-{self._random.getrandbits(32):08x}"
        if self._random.random() < 0.5:
            epoch, incarnation = name, hint.incarnation
        else:
            epoch, incarnation = hint.epoch, name
        entries = tuple(
            Entry(
                log=entry.log,
                epoch=epoch,
                incarnation=incarnation,
                first=entry.first,
                number=entry.number,
                body=entry.body,
            )
            for entry in hint.entries
        )
        return dataclasses.replace(
            hint, epoch=epoch, incarnation=incarnation, entries=entries
        )
