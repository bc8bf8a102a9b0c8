"""For notebooks and for the Celery workers, which cannot await."""

from __future__ import annotations

import asyncio
import threading

from .polite import PoliteFetcher


class BlockingPages:
    def __init__(self, fetcher: PoliteFetcher, loop: asyncio.AbstractEventLoop) -> None:
        self._fetcher = fetcher
        self._loop = loop
        self._thread = threading.Thread(target=loop.run_forever, daemon=True)
        self._thread.start()

    def get(self, url: str) -> str:
        future = asyncio.run_coroutine_threadsafe(self._fetcher.fetch(url), self._loop)
        return future.result(timeout=120).text

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._fetcher.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
