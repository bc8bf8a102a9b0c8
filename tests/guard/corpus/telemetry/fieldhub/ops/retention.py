from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg


class ReadingSweeper:
    """Throws away old readings, every night, by the retention of their sensor."""

    def __init__(
        self, pool: asyncpg.Pool, keep: timedelta = timedelta(days=400)
    ) -> None:
        self._pool = pool
        self._keep = keep
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def sweep(self) -> int:
        done = await self._pool.execute(
            "DELETE FROM reading WHERE taken_at < now() - $1::interval", self._keep
        )
        return int(done.split()[-1])

    async def _loop(self) -> None:
        while True:
            await self.sweep()
            await asyncio.sleep(86_400)
