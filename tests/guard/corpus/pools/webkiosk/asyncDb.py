"""Database access for the kiosks' web server (Tornado, then asyncio)."""

import asyncio
import contextlib

import asyncpg


class AsyncDbPool:
    def __init__(self, dsn, minConns=2, maxConns=20):
        self.dsn = dsn
        self.minConns = minConns
        self.maxConns = maxConns
        self.idle = asyncio.LifoQueue()
        self.opened = 0

    async def start(self):
        for _ in range(self.minConns):
            await self.idle.put(await self._open())

    async def _open(self):
        self.opened += 1
        try:
            return await asyncpg.connect(self.dsn)
        except Exception:
            self.opened -= 1
            raise

    async def acquire(self):
        while True:
            if self.idle.empty() and self.opened < self.maxConns:
                return await self._open()
            conn = await self.idle.get()
            if not conn.is_closed():
                return conn
            self.opened -= 1

    async def release(self, conn):
        if conn.is_closed():
            self.opened -= 1
        else:
            await conn.reset()
            await self.idle.put(conn)

    @contextlib.asynccontextmanager
    async def connection(self):
        conn = await self.acquire()
        try:
            yield conn
        finally:
            await self.release(conn)

    async def stop(self):
        while not self.idle.empty():
            conn = self.idle.get_nowait()
            await conn.close()
            self.opened -= 1


async def raceCard(pool, raceId):
    async with pool.connection() as conn:
        rows = await conn.fetch(
            "SELECT number, horse, odds FROM runners WHERE race = $1", raceId
        )
    return [dict(row) for row in rows]
