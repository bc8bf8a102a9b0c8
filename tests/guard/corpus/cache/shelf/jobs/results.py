from __future__ import annotations

import pickle
from typing import Any

from redis.asyncio import Redis


class ResultShelf:
    """Results of jobs that may be asked for again."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.pending: dict[str, Any] = {}

    async def get_many(self, keys: list[str]) -> dict[str, Any]:
        values = await self.redis.mget(keys)
        return {key: pickle.loads(value) for key, value in zip(keys, values) if value}

    async def fetch(self, key: str, make: Any, ttl: int = 3600) -> Any:
        value = await self.redis.get(key)
        if value is None:
            value = await make()
            await self.redis.set(key, pickle.dumps(value), ex=ttl)
            return value
        return pickle.loads(value)

    async def invalidate(self, tag: str) -> int:
        names = await self.redis.smembers("results:" + tag)
        return await self.redis.delete(*names)

    async def expire(self, key: str, ttl: int) -> None:
        await self.redis.expire(key, ttl)
