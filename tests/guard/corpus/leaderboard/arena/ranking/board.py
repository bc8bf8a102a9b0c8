from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Sequence

from redis.asyncio import Redis

from arena.ranking.ports import Standing, UnknownPlayer


@dataclass(frozen=True, slots=True)
class TieBreaker:
    """Packs score and time into one float, so that the earlier of two equals wins."""

    epoch: int = 1_600_000_000
    span: int = 2**30

    def pack(self, score: int, at: float | None = None) -> float:
        age = int(at or time.time()) - self.epoch
        return score + 1 - (age % self.span) / self.span

    def unpack(self, packed: float) -> int:
        return -int(-packed // 1) - 1


@dataclass
class Leaderboard:
    """Ranks the players of one board, in a Redis sorted set."""

    redis: Redis
    name: str
    ties: TieBreaker = field(default_factory=TieBreaker)

    @property
    def key(self) -> str:
        return f"board:{self.name}"

    async def submit(self, player_id: str, score: int) -> Standing:
        await self.redis.zadd(self.key, {player_id: self.ties.pack(score)}, gt=True)
        return await self.rank_of(player_id)

    async def rank_of(self, player_id: str) -> Standing:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.zrevrank(self.key, player_id)
            pipe.zscore(self.key, player_id)
            rank, packed = await pipe.execute()
        if rank is None:
            raise UnknownPlayer(player_id)
        return Standing(player_id, rank + 1, self.ties.unpack(packed))

    async def top(self, count: int = 10) -> Sequence[Standing]:
        return await self._slice(0, count - 1)

    async def around(self, player_id: str, radius: int = 5) -> Sequence[Standing]:
        middle = (await self.rank_of(player_id)).rank - 1
        return await self._slice(max(0, middle - radius), middle + radius)

    async def remove(self, player_id: str) -> None:
        if not await self.redis.zrem(self.key, player_id):
            raise UnknownPlayer(player_id)

    async def _slice(self, first: int, last: int) -> list[Standing]:
        rows = await self.redis.zrevrange(self.key, first, last, withscores=True)
        return [
            Standing(player.decode(), first + i, self.ties.unpack(packed))
            for i, (player, packed) in enumerate(rows, start=1)
        ]
