from __future__ import annotations

import hashlib
import pickle
import time
from pathlib import Path

from .types import Fetcher, Page


class CachingFetcher:
    """Keeps the pages of the fetcher below for some hours on disk."""

    def __init__(self, inner: Fetcher, folder: Path, max_age: float = 6 * 3600) -> None:
        self._inner = inner
        self._folder = folder
        self._max_age = max_age

    def _path(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()

    async def fetch(self, url: str) -> Page:
        path = self._path(url)
        if path.exists() and time.time() - path.stat().st_mtime < self._max_age:
            return pickle.loads(path.read_bytes())
        page = await self._inner.fetch(url)
        if page.status == 200:
            path.write_bytes(pickle.dumps(page))
        return page

    async def aclose(self) -> None:
        await self._inner.aclose()
