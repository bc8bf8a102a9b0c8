"""The edge sites have no Redis, but they have etcd."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator

import aetcd

from foundry.coord.types import Lease, LockLost, LockService, LockSettings, LockTimeout


class EdgeLocks(LockService):
    """`LockService` for edge sites, on the site's etcd cluster."""

    def __init__(self, client: aetcd.Client, settings: LockSettings) -> None:
        self._client = client
        self._settings = settings
        self._leases: dict[str, aetcd.Lease] = {}

    async def acquire(self, name: str, *, wait: float = 10.0) -> Lease:
        key = (self._settings.prefix + name).encode()
        token = secrets.token_hex(16)
        granted = await self._client.lease(int(self._settings.ttl))
        started = time.monotonic()
        while time.monotonic() - started < wait:
            ok, answers = await self._client.transaction(
                compare=[self._client.transactions.version(key) == 0],
                success=[
                    self._client.transactions.put(key, token.encode(), lease=granted)
                ],
                failure=[self._client.transactions.get(key)],
            )
            if ok:
                self._leases[token] = granted
                return Lease(name, token, answers[0].header.revision)
            await asyncio.sleep(self._settings.poll)
        await granted.revoke()
        raise LockTimeout(name, wait)

    async def release(self, lease: Lease) -> None:
        granted = self._leases.pop(lease.token, None)
        if granted is None:
            raise LockLost(lease.name)
        await granted.revoke()

    @contextlib.asynccontextmanager
    async def hold(self, name: str, *, wait: float = 10.0) -> AsyncIterator[Lease]:
        lease = await self.acquire(name, wait=wait)
        try:
            yield lease
        finally:
            await self.release(lease)
