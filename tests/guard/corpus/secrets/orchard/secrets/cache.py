from __future__ import annotations

import asyncio
from collections import defaultdict

from orchard.secrets.types import Secret


class LeaseCache:
    """In-memory cache of the store: one entry per path, one lock per path."""

    def __init__(self, max_entries: int = 500) -> None:
        self._entries: dict[str, Secret] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._max = max_entries

    def lock(self, path: str) -> asyncio.Lock:
        return self._locks[path]

    def lookup(self, path: str) -> Secret | None:
        secret = self._entries.get(path)
        if secret is not None and secret.expired:
            del self._entries[path]
            return None
        return secret

    def keep(self, secret: Secret) -> None:
        if len(self._entries) >= self._max:
            oldest = min(self._entries.values(), key=lambda s: s.read_at)
            del self._entries[oldest.path]
        self._entries[secret.path] = secret

    def drop(self, path: str | None) -> None:
        if path is None:
            self._entries.clear()
        else:
            self._entries.pop(path, None)
