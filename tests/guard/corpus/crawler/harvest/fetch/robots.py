from __future__ import annotations

import time
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp


class RobotsCache:
    """The robots.txt rules of each host, read at most once a day."""

    def __init__(
        self, session: aiohttp.ClientSession, user_agent: str, max_age: float = 86_400
    ) -> None:
        self._session = session
        self._agent = user_agent
        self._max_age = max_age
        self._rules: dict[str, tuple[float, RobotFileParser]] = {}

    async def _rules_for(self, url: str) -> RobotFileParser:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._rules.get(origin)
        if known and time.monotonic() - known[0] < self._max_age:
            return known[1]
        parser = RobotFileParser(origin + "/robots.txt")
        async with self._session.get(origin + "/robots.txt") as response:
            if response.status in (401, 403):
                parser.disallow_all = True
            elif response.status >= 400:
                parser.allow_all = True
            else:
                parser.parse((await response.text(errors="replace")).splitlines())
        self._rules[origin] = (time.monotonic(), parser)
        return parser

    async def allows(self, url: str) -> bool:
        return (await self._rules_for(url)).can_fetch(self._agent, url)

    async def delay(self, url: str) -> float | None:
        value = (await self._rules_for(url)).crawl_delay(self._agent)
        return None if value is None else float(value)
