from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from opentelemetry import trace
from prometheus_client import Counter, Histogram

from foundry.coord.manager import LockManager
from foundry.coord.types import Lease, LockTimeout

WAITED = Histogram("lock_wait_seconds", "Time spent waiting for a lock", ["kind"])
MISSED = Counter("lock_timeouts_total", "Locks not got in time", ["kind"])
tracer = trace.get_tracer(__name__)


class TracedLocks:
    """Spans and metrics around a lock manager."""

    def __init__(self, inner: LockManager) -> None:
        self._inner = inner

    async def acquire(self, name: str, *, wait: float = 10.0) -> Lease:
        kind = name.split("/", 1)[0]
        with (
            tracer.start_as_current_span(
                "lock.acquire", attributes={"lock.name": name}
            ),
            WAITED.labels(kind).time(),
        ):
            try:
                return await self._inner.acquire(name, wait=wait)
            except LockTimeout:
                MISSED.labels(kind).inc()
                raise

    async def release(self, lease: Lease) -> None:
        with tracer.start_as_current_span(
            "lock.release", attributes={"lock.name": lease.name}
        ):
            await self._inner.release(lease)

    @contextlib.asynccontextmanager
    async def hold(self, name: str, *, wait: float = 10.0) -> AsyncIterator[Lease]:
        with tracer.start_as_current_span("lock.hold", attributes={"lock.name": name}):
            async with self._inner.hold(name, wait=wait) as lease:
                yield lease


class BlockingLocks:
    """The lock manager for threads: the ffmpeg workers do not await."""

    def __init__(self, locks: LockManager, loop: asyncio.AbstractEventLoop) -> None:
        self._locks = locks
        self._loop = loop

    @contextlib.contextmanager
    def hold(self, name: str, wait: float = 10.0) -> Iterator[Lease]:
        lease = self._call(self._locks.acquire(name, wait=wait))
        try:
            yield lease
        finally:
            self._call(self._locks.release(lease))

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
