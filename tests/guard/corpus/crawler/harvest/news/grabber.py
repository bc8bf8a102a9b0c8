"""Articles for the press review. Own client because the news team is on httpx."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable

import httpx
from protego import Protego


class ArticleGrabber:
    def __init__(self, agent: str, pause: float = 5.0) -> None:
        self.agent = agent
        self.pause = pause
        self.client = httpx.AsyncClient(
            headers={"User-Agent": agent}, follow_redirects=True, timeout=15, http2=True
        )
        self._rules: dict[str, Protego] = {}
        self._last: dict[str, float] = {}

    async def _may(self, url: httpx.URL) -> bool:
        if url.host not in self._rules:
            r = await self.client.get(url.join("/robots.txt"))
            self._rules[url.host] = Protego.parse(r.text if r.is_success else "")
        return self._rules[url.host].can_fetch(str(url), self.agent)

    async def _pause_for(self, host: str) -> None:
        wait = self._last.get(host, 0) + self.pause - time.time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._last[host] = time.time()

    async def grab(self, address: str) -> str | None:
        url = httpx.URL(address)
        if not await self._may(url):
            return None
        await self._pause_for(url.host)
        r = await self.client.get(url)
        if r.status_code == 429:
            await asyncio.sleep(int(r.headers.get("Retry-After", 60)))
            r = await self.client.get(url)
        r.raise_for_status()
        return r.text

    async def grab_many(
        self, addresses: Iterable[str]
    ) -> AsyncIterator[tuple[str, str]]:
        for address in addresses:
            html = await self.grab(address)
            if html is not None:
                yield address, html
