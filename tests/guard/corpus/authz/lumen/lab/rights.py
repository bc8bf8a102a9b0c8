from __future__ import annotations

from redis.asyncio import Redis


class LabRights:
    """Rights in the laboratory: per bench and instrument, changed by shift leaders all day long."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    @staticmethod
    def _key(bench: str, operation: str) -> str:
        return f"lab:rights:{bench}:{operation}"

    async def give(
        self, person: str, operation: str, bench: str, hours: int | None = None
    ) -> None:
        key = self._key(bench, operation)
        await self.redis.sadd(key, person)
        if hours:
            await self.redis.set(f"{key}:{person}", 1, ex=hours * 3600)
            await self.redis.sadd(f"{key}:temporary", person)

    async def take(self, person: str, operation: str, bench: str) -> None:
        await self.redis.srem(self._key(bench, operation), person)

    async def has_right(self, person: str, operation: str, bench: str) -> bool:
        if await self.redis.sismember("lab:shift-leaders", person):
            return True
        key = self._key(bench, operation)
        if not await self.redis.sismember(key, person):
            return False
        if await self.redis.sismember(f"{key}:temporary", person):
            return bool(await self.redis.exists(f"{key}:{person}"))
        return True

    async def who(self, operation: str, bench: str) -> set[str]:
        return {
            m.decode() for m in await self.redis.smembers(self._key(bench, operation))
        }
