from __future__ import annotations

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis


@dataclass
class EloCalculator:
    """The usual formula; new ratings of the two after a match."""

    k: float = 24.0

    def expected(self, a: float, b: float) -> float:
        return 1 / (1 + 10 ** ((b - a) / 400))

    def update(self, winner: float, loser: float) -> tuple[float, float]:
        delta = self.k * (1 - self.expected(winner, loser))
        return winner + delta, loser - delta


class MatchQueue:
    """Players who wait for an opponent of about their own strength."""

    def __init__(self, redis: Redis, mode: str, tolerance: int = 100) -> None:
        self.redis = redis
        self.key = f"queue:{mode}"
        self.tolerance = tolerance

    async def submit(self, player_id: str, rating: int) -> None:
        await self.redis.zadd(self.key, {player_id: rating})

    async def remove(self, player_id: str) -> None:
        await self.redis.zrem(self.key, player_id)

    async def match(
        self, player_id: str, rating: int, patience: float = 30.0
    ) -> str | None:
        deadline = asyncio.get_running_loop().time() + patience
        width = self.tolerance
        while asyncio.get_running_loop().time() < deadline:
            near = await self.redis.zrangebyscore(
                self.key, rating - width, rating + width
            )
            others = [p.decode() for p in near if p.decode() != player_id]
            if others:
                await self.redis.zrem(self.key, player_id, others[0])
                return others[0]
            width += 25
            await asyncio.sleep(1)
        return None


class StatusBoard:
    """Which of our regions are up; shown on the launcher."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    async def set(self, region: str, status: str) -> None:
        await self.redis.hset("status", region, status)

    async def all(self) -> dict[str, str]:
        return {
            k.decode(): v.decode()
            for k, v in (await self.redis.hgetall("status")).items()
        }
