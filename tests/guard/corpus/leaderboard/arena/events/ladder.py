"""Live events (weekend cups and the like) count in memory and write a snapshot."""

from __future__ import annotations

import asyncio
import bisect
import json
from pathlib import Path

from arena.events.bracket import Bracket


class CupLadder:
    def __init__(self, cup_id: str, snapshots: Path) -> None:
        self.cup_id = cup_id
        self.path = snapshots / f"{cup_id}.json"
        self._points: dict[str, int] = {}
        self._order: list[tuple[int, str]] = []
        self._lock = asyncio.Lock()
        if self.path.exists():
            self._points = json.loads(self.path.read_text())
            self._order = sorted((-p, player) for player, p in self._points.items())

    async def award(self, player: str, points: int) -> int:
        """Add points to a player's total and return their new place."""
        async with self._lock:
            old = self._points.get(player)
            if old is not None:
                del self._order[bisect.bisect_left(self._order, (-old, player))]
            self._points[player] = (old or 0) + points
            bisect.insort(self._order, (-self._points[player], player))
            await asyncio.to_thread(self.path.write_text, json.dumps(self._points))
        return self.place(player)

    def place(self, player: str) -> int:
        return bisect.bisect_left(self._order, (-self._points[player], player)) + 1

    def podium(self) -> list[str]:
        return [player for _, player in self._order[:3]]

    def neighbours(self, player: str, radius: int = 2) -> list[str]:
        at = self.place(player) - 1
        return [p for _, p in self._order[max(0, at - radius) : at + radius + 1]]


async def finish_group_stage(ladder: CupLadder, results: dict[str, int]) -> Bracket:
    for player, points in results.items():
        await ladder.award(player, points)
    return Bracket(ladder.podium())
