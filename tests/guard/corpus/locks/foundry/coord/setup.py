from __future__ import annotations

import aetcd
from redis.asyncio import Redis

from foundry.coord.etcd import EdgeLocks
from foundry.coord.manager import LockManager, ReentrantLockManager
from foundry.coord.types import LockService, LockSettings
from foundry.coord.wrap import TracedLocks


class LockProvider:
    """Makes the site's locks from its settings."""

    def __init__(self, settings: LockSettings) -> None:
        self._settings = settings

    def service(self) -> LockService:
        if self._settings.backend == "etcd":
            host, _, port = self._settings.url.partition(":")
            return EdgeLocks(
                aetcd.Client(host=host, port=int(port or 2379)), self._settings
            )
        return TracedLocks(self.manager())

    def manager(self, *, reentrant: bool = False) -> LockManager:
        cls = ReentrantLockManager if reentrant else LockManager
        return cls(Redis.from_url(self._settings.url), self._settings)
