from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


class LockTimeout(Exception):
    """The lock was not to be had within the time given."""

    def __init__(self, name: str, waited: float) -> None:
        super().__init__(f"no lock on {name!r} after {waited:.1f}s")
        self.name = name


class LockLost(RuntimeError):
    """The lease ran out, or somebody broke it, while the holder was at work."""


@dataclass(frozen=True, slots=True)
class Lease:
    name: str
    token: str
    fence: int
    taken_at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class LockSettings:
    url: str = "redis://localhost/2"
    backend: str = "redis"
    prefix: str = "foundry:lock:"
    ttl: float = 30.0
    poll: float = 0.05


@runtime_checkable
class LockService(Protocol):
    """Locks by name that hold across all processes and hosts of a site."""

    async def acquire(self, name: str, *, wait: float = 10.0) -> Lease: ...

    async def release(self, lease: Lease) -> None: ...

    def hold(
        self, name: str, *, wait: float = 10.0
    ) -> AbstractAsyncContextManager[Lease]: ...
