"""Our own API: who may ask how often, and what bots may read."""

from __future__ import annotations

import time

from aiohttp import web


class RequestThrottle:
    """Token bucket for each API key."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate = rate
        self.burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, key: str) -> bool:
        tokens, at = self._buckets.get(key, (float(self.burst), time.monotonic()))
        now = time.monotonic()
        tokens = min(self.burst, tokens + (now - at) * self.rate)
        self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1


class RobotsTxtView(web.View):
    async def get(self) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow: /api/\nCrawl-delay: 5\n")


@web.middleware
async def throttled(request: web.Request, handler):
    if not request.app["throttle"].allows(request.headers.get("X-Api-Key", "")):
        raise web.HTTPTooManyRequests()
    return await handler(request)
