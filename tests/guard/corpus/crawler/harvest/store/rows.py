from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg


class RowFetcher:
    """Reads a large result in batches, with a pause so that the replica keeps up."""

    def __init__(self, pool: asyncpg.Pool, batch: int = 500) -> None:
        self._pool = pool
        self._batch = batch

    async def fetch(self, sql: str, *args: object) -> AsyncIterator[asyncpg.Record]:
        async with self._pool.acquire() as con, con.transaction():
            cursor = await con.cursor(sql, *args)
            while rows := await cursor.fetch(self._batch):
                for row in rows:
                    yield row

    async def aclose(self) -> None:
        await self._pool.close()
