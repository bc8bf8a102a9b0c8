"""Things to put around a store."""

from __future__ import annotations

import time

from prometheus_client import Counter, Histogram

from orchard.secrets.protocol import SecretReader
from orchard.secrets.types import Secret

READS = Counter("secret_reads", "Secrets read", ["outcome"])
SECONDS = Histogram("secret_read_seconds", "Time to read a secret")


class MeteredSecrets:
    """Counts and times the reads of the store it holds."""

    def __init__(self, inner: SecretReader) -> None:
        self._inner = inner

    async def get(self, path: str, key: str) -> str:
        return (await self.read(path)).data[key]

    async def read(self, path: str) -> Secret:
        start = time.perf_counter()
        try:
            secret = await self._inner.read(path)
        except Exception:
            READS.labels("error").inc()
            raise
        READS.labels("ok").inc()
        SECONDS.observe(time.perf_counter() - start)
        return secret

    async def invalidate(self, path: str | None = None) -> None:
        await self._inner.invalidate(path)

    async def close(self) -> None:
        await self._inner.close()


class DatabaseUrls:
    """Speaks the shape that our SQLAlchemy set-up wants: url(name)."""

    def __init__(self, secrets: SecretReader) -> None:
        self._secrets = secrets

    async def url(self, name: str) -> str:
        return await self._secrets.get(f"db/{name}", "url")

    async def forget(self, name: str) -> None:
        await self._secrets.invalidate(f"db/{name}")
