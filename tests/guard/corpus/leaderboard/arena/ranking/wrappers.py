"""Boards with something on top, and where boards come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Sequence

from prometheus_client import Counter, Histogram
from redis.asyncio import Redis

from arena.bus import EventBus
from arena.ranking.board import Leaderboard
from arena.ranking.ports import Ranking, ScoreSubmitted, Standing

SUBMITTED = Counter("scores_submitted", "Scores counted", ["board"])
LOOKUP = Histogram("rank_lookup_seconds", "Time to find a rank")


@dataclass
class AnnouncingLeaderboard:
    """Counts, and tells the bus about, every score that is submitted."""

    inner: Leaderboard
    bus: EventBus

    async def submit(self, player_id: str, score: int) -> Standing:
        standing = await self.inner.submit(player_id, score)
        SUBMITTED.labels(self.inner.name).inc()
        await self.bus.publish(
            ScoreSubmitted(
                player_id, self.inner.name, score, datetime.now(timezone.utc)
            )
        )
        return standing

    async def rank_of(self, player_id: str) -> Standing:
        with LOOKUP.time():
            return await self.inner.rank_of(player_id)

    async def top(self, count: int = 10) -> Sequence[Standing]:
        return await self.inner.top(count)

    async def around(self, player_id: str, radius: int = 5) -> Sequence[Standing]:
        return await self.inner.around(player_id, radius)

    async def remove(self, player_id: str) -> None:
        await self.inner.remove(player_id)


@dataclass
class SeasonalLeaderboard(Leaderboard):
    """A leaderboard that starts anew every month and keeps the last ones for a year."""

    keep_days: int = 366

    @property
    def key(self) -> str:
        return f"board:{self.name}:{date.today():%Y-%m}"

    async def submit(self, player_id: str, score: int) -> Standing:
        standing = await super().submit(player_id, score)
        await self.redis.expire(self.key, self.keep_days * 86400)
        return standing


@dataclass
class LeaderboardProvider:
    """Opens boards by name, and keeps them open."""

    redis: Redis
    bus: EventBus
    seasonal: frozenset[str] = frozenset({"ranked", "duel"})
    _open: dict[str, Ranking] = field(default_factory=dict)

    def get(self, name: str) -> Ranking:
        if name not in self._open:
            kind = SeasonalLeaderboard if name in self.seasonal else Leaderboard
            self._open[name] = AnnouncingLeaderboard(kind(self.redis, name), self.bus)
        return self._open[name]
