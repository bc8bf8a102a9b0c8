from __future__ import annotations

import asyncio
import json
import secrets
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, AsyncIterator

import asyncpg
from redis.asyncio import Redis

redis_pool = Redis(host="redis", max_connections=40)


class ConnectionPool:
    """Connections to Postgres, lent one at a time."""

    def __init__(self, dsn: str, size: int = 10) -> None:
        self._dsn = dsn
        self._free: asyncio.Queue[asyncpg.Connection] = asyncio.Queue()
        self._left = size

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        if self._free.empty() and self._left:
            self._left -= 1
            con = await asyncpg.connect(self._dsn)
        else:
            con = await self._free.get()
        try:
            yield con
        finally:
            self._free.put_nowait(con)

    async def close(self) -> None:
        while not self._free.empty():
            await self._free.get_nowait().close()


class LoginSessions:
    """Browser sessions after login, by cookie."""

    def __init__(self, redis: Redis, ttl: int = 14 * 86400) -> None:
        self._redis = redis
        self._ttl = ttl

    async def open(self, user_id: str, **data: Any) -> str:
        sid = secrets.token_urlsafe(24)
        await self._redis.set(
            f"login:{sid}", json.dumps({"user": user_id, **data}), ex=self._ttl
        )
        return sid

    async def get(self, sid: str) -> dict[str, Any] | None:
        raw = await self._redis.get(f"login:{sid}")
        return json.loads(raw) if raw else None

    async def close(self, sid: str) -> None:
        await self._redis.delete(f"login:{sid}")


@dataclass(frozen=True, slots=True)
class RecentVisitors:
    """When a user last opened a board: "Ada, 3 days ago" in the list of boards."""

    redis: Redis
    keep: int = 100

    async def touch(self, board_id: int, user_id: str) -> None:
        key = f"visitors:{board_id}"
        await self.redis.zadd(key, {user_id: time.time()})
        await self.redis.zremrangebyrank(key, 0, -self.keep - 1)

    async def recent(self, board_id: int, count: int = 5) -> list[tuple[str, float]]:
        rows = await self.redis.zrevrange(
            f"visitors:{board_id}", 0, count - 1, withscores=True
        )
        now = time.time()
        return [(user.decode(), now - at) for user, at in rows]
