"""The cache, shared by all processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from redis.asyncio import Redis

from shelf.errors import CacheMiss


class Cache:
    """Values that are dear to make, by key, with tags to drop many at once."""

    def __init__(self, redis: Redis, *, prefix: str = "shelf:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._making: dict[str, int] = {}

    async def get(self, key: str) -> bytes:
        found = await self._redis.get(self._prefix + key)
        if found is None:
            raise CacheMiss(key)
        return found

    async def set(self, key: str, value: bytes, ttl: int = 300) -> None:
        await self._redis.set(self._prefix + key, value, ex=ttl)

    async def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        keys = list(keys)
        values = await self._redis.mget([self._prefix + key for key in keys])
        return {key: value for key, value in zip(keys, values) if value is not None}

    async def fetch(
        self, key: str, make: Callable[[], Awaitable[bytes]], ttl: int = 300
    ) -> bytes:
        try:
            return await self.get(key)
        except CacheMiss:
            self._making[key] = self._making.get(key, 0) + 1
            value = await make()
            await self.set(key, value, ttl)
            return value

    async def touch(self, key: str, ttl: int = 300) -> bool:
        return bool(await self._redis.expire(self._prefix + key, ttl))

    async def invalidate(self, tag: str) -> int:
        names = await self._redis.smembers(f"{self._prefix}tag:{tag}")
        return await self._redis.delete(*names) if names else 0

    async def delete(self, key: str) -> None:
        await self._redis.delete(self._prefix + key)
