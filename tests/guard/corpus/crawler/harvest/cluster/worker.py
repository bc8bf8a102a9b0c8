from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from redis.asyncio import Redis


@dataclass
class Job:
    id: str
    url: str
    attempts: int = 0


class SharedDownloader:
    """Downloads on many machines; the pause for each host is a key in Redis,
    so that all machines together are no ruder than one."""

    def __init__(
        self, redis: Redis, http: aiohttp.ClientSession, pause_ms: int = 2000
    ) -> None:
        self.redis = redis
        self.http = http
        self.pause_ms = pause_ms

    async def _turn(self, host: str) -> None:
        while not await self.redis.set(f"turn:{host}", 1, nx=True, px=self.pause_ms):
            left = await self.redis.pttl(f"turn:{host}")
            await asyncio.sleep(max(left, 50) / 1000)

    async def _forbidden(self, url: str) -> bool:
        parts = urlsplit(url)
        key = f"robots:{parts.netloc}"
        cached = await self.redis.get(key)
        if cached is None:
            async with self.http.get(
                f"{parts.scheme}://{parts.netloc}/robots.txt"
            ) as r:
                text = await r.text() if r.status == 200 else ""
            rules = [
                l.split(":", 1)[1].strip()
                for l in text.splitlines()
                if l.lower().startswith("disallow:")
            ]
            cached = json.dumps([r for r in rules if r])
            await self.redis.set(key, cached, ex=86_400)
        return any(parts.path.startswith(rule) for rule in json.loads(cached))

    async def download(self, job: Job) -> bytes | None:
        if await self._forbidden(job.url):
            return None
        host = urlsplit(job.url).netloc
        while job.attempts < 4:
            job.attempts += 1
            await self._turn(host)
            async with self.http.get(job.url) as r:
                if r.status == 200:
                    return await r.read()
                if r.status in (429, 503):
                    await self.redis.set(f"turn:{host}", 1, px=60_000)
        return None


async def work(redis: Redis) -> None:
    async with aiohttp.ClientSession(headers={"User-Agent": "HarvestCluster"}) as http:
        downloader = SharedDownloader(redis, http)
        while True:
            _, raw = await redis.blpop("jobs")
            job = Job(**json.loads(raw))
            body = await downloader.download(job)
            if body is not None:
                await redis.set(f"body:{job.id}", body)
