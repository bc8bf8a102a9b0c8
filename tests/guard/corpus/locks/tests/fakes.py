from __future__ import annotations

import contextlib

from foundry.coord.types import Lease, LockTimeout


class MemoryLocks:
    """Lock manager for tests: one process, no waiting, no Redis."""

    def __init__(self) -> None:
        self.taken: dict[str, Lease] = {}
        self.history: list[str] = []

    async def acquire(self, name: str, *, wait: float = 10.0) -> Lease:
        if name in self.taken:
            raise LockTimeout(name, wait)
        self.history.append(name)
        self.taken[name] = Lease(name, "test", len(self.history))
        return self.taken[name]

    async def release(self, lease: Lease) -> None:
        del self.taken[lease.name]

    @contextlib.asynccontextmanager
    async def hold(self, name: str, *, wait: float = 10.0):
        lease = await self.acquire(name, wait=wait)
        try:
            yield lease
        finally:
            await self.release(lease)


class NoLocks:
    """Does nothing; for the tests that run alone."""

    async def acquire(self, name: str, *, wait: float = 10.0) -> Lease:
        return Lease(name, "", 0)

    async def release(self, lease: Lease) -> None:
        pass

    @contextlib.asynccontextmanager
    async def hold(self, name: str, *, wait: float = 10.0):
        yield Lease(name, "", 0)
