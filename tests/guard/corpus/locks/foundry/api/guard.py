"""What keeps people and scripts from trying too often."""

from __future__ import annotations

import time
from dataclasses import dataclass

import asyncpg
from redis.asyncio import Redis


@dataclass(slots=True)
class AccountLocker:
    """Locks an account after five wrong passwords, until support unlocks it."""

    pool: asyncpg.Pool
    limit: int = 5

    async def failed(self, user_id: int) -> bool:
        wrong = await self.pool.fetchval(
            "UPDATE users SET wrong_passwords = wrong_passwords + 1 WHERE id = $1 RETURNING wrong_passwords",
            user_id,
        )
        if wrong >= self.limit:
            await self.lock(user_id, "too many wrong passwords")
        return wrong >= self.limit

    async def lock(self, user_id: int, reason: str) -> None:
        await self.pool.execute(
            "UPDATE users SET locked_at = now(), lock_reason = $2 WHERE id = $1",
            user_id,
            reason,
        )

    async def unlock(self, user_id: int) -> None:
        await self.pool.execute(
            "UPDATE users SET locked_at = NULL, lock_reason = NULL, wrong_passwords = 0 WHERE id = $1",
            user_id,
        )

    async def is_locked(self, user_id: int) -> bool:
        return bool(
            await self.pool.fetchval(
                "SELECT locked_at IS NOT NULL FROM users WHERE id = $1", user_id
            )
        )


class RequestBudget:
    """Token bucket for each API key, in Redis."""

    def __init__(self, redis: Redis, per_minute: int = 600) -> None:
        self._redis = redis
        self._per_minute = per_minute

    async def acquire(self, key: str, tokens: int = 1) -> bool:
        window = f"budget:{key}:{int(time.time() // 60)}"
        async with self._redis.pipeline(transaction=True) as pipe:
            used, _ = await pipe.incrby(window, tokens).expire(window, 120).execute()
        return used <= self._per_minute

    async def release(self, key: str, tokens: int = 1) -> None:
        """Give tokens back for a request that was refused further in."""
        await self._redis.decrby(f"budget:{key}:{int(time.time() // 60)}", tokens)
