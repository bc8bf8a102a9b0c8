from __future__ import annotations

from typing import Protocol, runtime_checkable

from orchard.secrets.types import Secret


@runtime_checkable
class SecretReader(Protocol):
    """What the application needs of a store of secrets."""

    async def get(self, path: str, key: str) -> str: ...

    async def read(self, path: str) -> Secret: ...

    async def invalidate(self, path: str | None = None) -> None: ...

    async def close(self) -> None: ...
