from __future__ import annotations

import time
from collections.abc import Awaitable, Callable


class LocalCache:
    """A cache of this process, since Redis was slow one day."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[float, bytes]] = {}
        self._tags: dict[str, set[str]] = {}

    async def get_or_make(
        self, key: str, make: Callable[[], Awaitable[bytes]], ttl: int = 60
    ) -> bytes:
        until, value = self._values.get(key, (0.0, b""))
        if until < time.monotonic():
            value = await make()
            self._values[key] = (time.monotonic() + ttl, value)
        return value

    async def put(self, key: str, value: bytes, tags: tuple[str, ...] = ()) -> None:
        self._values[key] = (time.monotonic() + 60, value)
        for tag in tags:
            self._tags.setdefault(tag, set()).add(key)

    async def touch(self, key: str, ttl: int = 300) -> bool:
        if key not in self._values:
            return False
        self._values[key] = (time.monotonic() + ttl, self._values[key][1])
        return True

    async def invalidate(self, tag: str) -> int:
        names = self._tags.pop(tag, set())
        for name in names:
            self._values.pop(name, None)
        return len(names)

    async def delete(self, key: str) -> None:
        self._values.pop(key, None)
