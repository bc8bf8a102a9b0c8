"""Job boards. (Started from harvest.fetch 2.x; has diverged since.)"""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp


class BoardFetcher:
    def __init__(self, user_agent: str, delay: float = 3.0, retries: int = 2) -> None:
        self.user_agent = user_agent
        self.delay = delay
        self.retries = retries
        self._robots: dict[str, RobotFileParser] = {}
        self._next: dict[str, float] = {}

    async def fetch(self, url: str) -> str:
        host = urlsplit(url).netloc
        async with aiohttp.ClientSession(
            headers={"User-Agent": self.user_agent}
        ) as session:
            if not await self._allowed(session, url):
                raise PermissionError(url)
            for attempt in range(self.retries + 1):
                await self._wait(host)
                async with session.get(url) as response:
                    if response.status in (429, 503):
                        self._next[host] = time.monotonic() + 10 * 2**attempt
                        continue
                    return await response.text()
        raise TimeoutError(url)

    async def _wait(self, host: str) -> None:
        pause = self._next.get(host, 0) - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        self._next[host] = time.monotonic() + self.delay

    async def _allowed(self, session: aiohttp.ClientSession, url: str) -> bool:
        parts = urlsplit(url)
        if parts.netloc not in self._robots:
            parser = RobotFileParser()
            async with session.get(
                f"{parts.scheme}://{parts.netloc}/robots.txt"
            ) as response:
                parser.parse(
                    (await response.text()).splitlines()
                    if response.status == 200
                    else []
                )
            self._robots[parts.netloc] = parser
        return self._robots[parts.netloc].can_fetch(self.user_agent, url)
