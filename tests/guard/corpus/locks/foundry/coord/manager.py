"""Distributed named locks over Redis, with leases, fencing and renewal."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import random
import secrets
import time
from collections.abc import AsyncIterator

from redis.asyncio import Redis

from foundry.coord.types import Lease, LockLost, LockSettings, LockTimeout

log = logging.getLogger(__name__)

TAKE = """
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    return redis.call('incr', KEYS[2])
end
return 0
"""
RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then
    return redis.call('pexpire', KEYS[1], ARGV[2])
end
return 0
"""
DROP = """
if redis.call('get', KEYS[1]) == ARGV[1] then
    return redis.call('del', KEYS[1])
end
return 0
"""


class Heartbeat:
    """Renews one lease until it is stopped; cancels its holder if it is lost."""

    def __init__(self, manager: LockManager, lease: Lease, every: float) -> None:
        self._manager = manager
        self._lease = lease
        self._every = every
        self._holder = asyncio.current_task()
        self._task: asyncio.Task[None] | None = None
        self.lost = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._beat(), name=f"beat:{self._lease.name}")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            if not await self._manager.renew(self._lease):
                self.lost = True
                log.error("lost the lock on %s", self._lease.name)
                if self._holder is not None:
                    self._holder.cancel()
                return


class LockManager:
    def __init__(self, redis: Redis, settings: LockSettings | None = None) -> None:
        self._redis = redis
        self._settings = settings or LockSettings()
        self._take = redis.register_script(TAKE)
        self._renew = redis.register_script(RENEW)
        self._drop = redis.register_script(DROP)

    async def acquire(self, name: str, *, wait: float = 10.0) -> Lease:
        started = time.monotonic()
        while True:
            lease = await self.try_acquire(name)
            if lease is not None:
                return lease
            waited = time.monotonic() - started
            if waited >= wait:
                raise LockTimeout(name, waited)
            await asyncio.sleep(self._settings.poll * random.uniform(0.5, 1.5))

    async def try_acquire(self, name: str) -> Lease | None:
        token = secrets.token_hex(16)
        fence = await self._take(
            keys=[self._key(name), self._key(name) + ":fence"],
            args=[token, self._ttl_ms],
        )
        return Lease(name, token, int(fence)) if fence else None

    async def renew(self, lease: Lease) -> bool:
        return bool(
            await self._renew(
                keys=[self._key(lease.name)], args=[lease.token, self._ttl_ms]
            )
        )

    async def release(self, lease: Lease) -> None:
        if not await self._drop(keys=[self._key(lease.name)], args=[lease.token]):
            raise LockLost(lease.name)

    async def break_lock(self, name: str) -> bool:
        """For operators: take the lock away from whoever has it."""
        return bool(await self._redis.delete(self._key(name)))

    async def held(self) -> dict[str, float]:
        """Names of all locks now held, and the seconds that are left of each."""
        found: dict[str, float] = {}
        async for key in self._redis.scan_iter(match=self._settings.prefix + "*"):
            text = key.decode()
            if not text.endswith(":fence"):
                found[text.removeprefix(self._settings.prefix)] = (
                    await self._redis.pttl(key) / 1000
                )
        return found

    @contextlib.asynccontextmanager
    async def hold(self, name: str, *, wait: float = 10.0) -> AsyncIterator[Lease]:
        lease = await self.acquire(name, wait=wait)
        beat = Heartbeat(self, lease, self._settings.ttl / 3)
        beat.start()
        try:
            yield lease
        except asyncio.CancelledError:
            if beat.lost:
                raise LockLost(name) from None
            raise
        finally:
            await beat.stop()
            if not beat.lost:
                await self.release(lease)

    def _key(self, name: str) -> str:
        return self._settings.prefix + name

    @property
    def _ttl_ms(self) -> int:
        return int(self._settings.ttl * 1000)


_mine: contextvars.ContextVar[dict[str, Lease]] = contextvars.ContextVar(
    "held_locks", default={}
)


class ReentrantLockManager(LockManager):
    """A task that holds a lock may hold it again."""

    @contextlib.asynccontextmanager
    async def hold(self, name: str, *, wait: float = 10.0) -> AsyncIterator[Lease]:
        mine = _mine.get()
        if name in mine:
            yield mine[name]
            return
        async with super().hold(name, wait=wait) as lease:
            reset = _mine.set({**mine, name: lease})
            try:
                yield lease
            finally:
                _mine.reset(reset)
