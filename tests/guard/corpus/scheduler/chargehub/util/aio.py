from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class PeriodicTasks:
    """Small helper: call coroutines again and again.

    >>> tasks = PeriodicTasks()
    >>> @tasks.every(minutes=5)
    ... async def refresh(): ...
    >>> await tasks.start()
    """

    def __init__(self) -> None:
        self._registered: list[tuple[float, Callable[[], Awaitable[None]]]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def every(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0):
        period = seconds + 60 * minutes + 3600 * hours

        def register(func: Callable[[], Awaitable[None]]):
            self._registered.append((period, func))
            return func

        return register

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._repeat(p, f)) for p, f in self._registered
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, period: float, func: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(period)
            try:
                await func()
            except Exception:
                log.exception("periodic task %s failed", func.__name__)


class Debouncer:
    """Holds back a burst of calls with one key and lets the last one through."""

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._pending: dict[str, asyncio.Task[None]] = {}

    def push(self, key: str, call: Callable[[], Awaitable[None]]) -> None:
        self.cancel(key)
        self._pending[key] = asyncio.create_task(self._later(key, call))

    def cancel(self, key: str) -> None:
        task = self._pending.pop(key, None)
        if task is not None:
            task.cancel()

    async def _later(self, key: str, call: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self._quiet)
        self._pending.pop(key, None)
        await call()
