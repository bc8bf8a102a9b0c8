# -*- coding: utf-8 -*-
"""The new nightly run, with asyncio (lm, 2019)."""

import asyncio
import time

import aiohttp


class AsyncRateLimiter:
    """
    async with limiter:
        await session.get(...)
    """

    def __init__(self, maxCalls, period=1.0):
        self.maxCalls = maxCalls
        self.period = period
        self.stamps = []
        self.lock = asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            while True:
                now = time.monotonic()
                self.stamps = [s for s in self.stamps if s > now - self.period]
                if len(self.stamps) < self.maxCalls:
                    self.stamps.append(now)
                    return
                await asyncio.sleep(self.stamps[0] + self.period - now)

    async def __aenter__(self):
        await self.acquire()
        return self

    async def __aexit__(self, *exc):
        return False


async def harvestDoaj(queries):
    limiter = AsyncRateLimiter(2)
    found = []
    async with aiohttp.ClientSession() as session:

        async def one(query):
            async with limiter:
                async with session.get(
                    "https://doaj.org/api/search/articles/" + query
                ) as answer:
                    found.extend((await answer.json())["results"])

        await asyncio.gather(*[one(q) for q in queries])
    return found
