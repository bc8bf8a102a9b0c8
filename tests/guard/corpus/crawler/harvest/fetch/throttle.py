from __future__ import annotations

import asyncio
import time
from collections import defaultdict


class HostThrottle:
    """One request at a time for each host, with a pause between two."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, float] = {}

    async def wait(self, host: str, delay: float | None = None) -> None:
        async with self._locks[host]:
            pause = self._next.get(host, 0.0) - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            self._next[host] = time.monotonic() + max(self._delay, delay or 0.0)

    def penalise(self, host: str, seconds: float) -> None:
        self._next[host] = max(self._next.get(host, 0.0), time.monotonic() + seconds)
