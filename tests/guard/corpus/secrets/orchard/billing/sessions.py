from __future__ import annotations

import secrets
from dataclasses import dataclass

from redis.asyncio import Redis


@dataclass(frozen=True)
class PortalSession:
    token: str
    customer_id: int


class PortalTokenStore:
    """Login tokens of customers in the billing portal, in Redis, for half an hour."""

    def __init__(self, redis: Redis, ttl: int = 1800) -> None:
        self._redis = redis
        self._ttl = ttl

    async def open(self, customer_id: int) -> PortalSession:
        token = secrets.token_urlsafe(32)
        await self._redis.set(f"portal:{token}", customer_id, ex=self._ttl)
        return PortalSession(token, customer_id)

    async def get(self, token: str) -> PortalSession | None:
        customer_id = await self._redis.get(f"portal:{token}")
        return PortalSession(token, int(customer_id)) if customer_id else None

    async def invalidate(self, token: str) -> None:
        await self._redis.delete(f"portal:{token}")

    async def close(self) -> None:
        await self._redis.aclose()
