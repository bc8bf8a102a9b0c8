"""Experiments for the apps. The mobile gateway is ASGI and talks to Redis directly."""

import json
from typing import Optional

import mmh3
from django.http import JsonResponse
from redis.asyncio import Redis


class VariantAllocator:
    """Allocates installations and users to variants, asynchronously."""

    def __init__(self, redis: Redis, namespace: str = "mexp") -> None:
        self.redis = redis
        self.ns = namespace

    async def load(self, key: str) -> Optional[dict]:
        raw = await self.redis.get(f"{self.ns}:def:{key}")
        return json.loads(raw) if raw else None

    async def allocate(self, user_id: str, key: str) -> Optional[str]:
        stored = await self.redis.hget(f"{self.ns}:user:{user_id}", key)
        if stored is not None:
            return stored.decode()
        experiment = await self.load(key)
        if experiment is None or not experiment["enabled"]:
            return None
        bucket = mmh3.hash(f"{key}.{user_id}", signed=False) % 10000
        upper = 0
        for variant in experiment["variants"]:
            upper += variant["share"] * 100
            if bucket < upper:
                await self.redis.hset(f"{self.ns}:user:{user_id}", key, variant["name"])
                return variant["name"]
        return None

    async def allocate_many(
        self, user_id: str, keys: list[str]
    ) -> dict[str, Optional[str]]:
        return {key: await self.allocate(user_id, key) for key in keys}

    async def reset(self, user_id: str) -> None:
        await self.redis.delete(f"{self.ns}:user:{user_id}")


async def config_view(request):
    allocator = VariantAllocator(request.app_redis)
    keys = request.GET.get("experiments", "").split(",")
    return JsonResponse(
        {"experiments": await allocator.allocate_many(request.GET["user"], keys)}
    )
