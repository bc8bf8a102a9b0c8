"""The one way out to the web.

``PoliteFetcher`` says who we are, asks robots.txt first, leaves a pause between
two requests to the same host, backs off when the host says 429 or 503, and
stops reading after ``max_bytes``.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlsplit

import aiohttp

from .errors import FetchError, RobotsDenied
from .robots import RobotsCache
from .throttle import HostThrottle
from .types import FetchPolicy, Page

log = logging.getLogger(__name__)


class PoliteFetcher:
    def __init__(self, policy: FetchPolicy | None = None) -> None:
        self.policy = policy or FetchPolicy()
        self._session = aiohttp.ClientSession(
            headers={"User-Agent": self.policy.user_agent},
            timeout=aiohttp.ClientTimeout(total=self.policy.timeout),
        )
        self._robots = RobotsCache(self._session, self.policy.user_agent)
        self._throttle = HostThrottle(self.policy.delay)

    async def fetch(self, url: str) -> Page:
        host = urlsplit(url).netloc
        delay = None
        if self.policy.obey_robots:
            if not await self._robots.allows(url):
                raise RobotsDenied(url)
            delay = await self._robots.delay(url)
        for attempt in range(self.policy.retries + 1):
            await self._throttle.wait(host, delay)
            try:
                page, retry_after = await self._get(url)
            except (aiohttp.ClientError, asyncio.TimeoutError) as e:
                log.info("attempt %d for %s: %r", attempt, url, e)
                continue
            if page.status in (429, 503):
                self._throttle.penalise(host, retry_after or 2.0**attempt * 5)
                continue
            return page
        raise FetchError(url, f"gave up after {self.policy.retries + 1} attempts")

    async def _get(self, url: str) -> tuple[Page, float | None]:
        async with self._session.get(url) as response:
            body = await response.content.read(self.policy.max_bytes)
            after = response.headers.get("Retry-After", "")
            page = Page(
                str(response.url), response.status, body, dict(response.headers)
            )
            return page, float(after) if after.isdigit() else None

    async def aclose(self) -> None:
        await self._session.close()

    async def __aenter__(self) -> PoliteFetcher:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()
