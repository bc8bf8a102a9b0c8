from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from shelf.cache import Cache
from shelf.errors import CacheMiss


class MeasuredCache:
    """A cache that counts hits, misses and seconds."""

    def __init__(self, inner: Cache) -> None:
        self._inner = inner
        self.counts: Counter[str] = Counter()
        self.seconds = 0.0

    async def get(self, key: str) -> bytes:
        began = time.perf_counter()
        try:
            value = await self._inner.get(key)
        except CacheMiss:
            self.counts["miss"] += 1
            raise
        finally:
            self.seconds += time.perf_counter() - began
        self.counts["hit"] += 1
        return value

    async def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        keys = list(keys)
        found = await self._inner.get_many(keys)
        self.counts["hit"] += len(found)
        self.counts["miss"] += len(keys) - len(found)
        return found

    async def fetch(
        self, key: str, make: Callable[[], Awaitable[bytes]], ttl: int = 300
    ) -> bytes:
        began = time.perf_counter()
        value = await self._inner.fetch(key, make, ttl)
        self.seconds += time.perf_counter() - began
        return value

    async def invalidate(self, tag: str) -> int:
        dropped = await self._inner.invalidate(tag)
        self.counts["dropped"] += dropped
        return dropped

    def report(self) -> dict[str, int]:
        return dict(self.counts)
