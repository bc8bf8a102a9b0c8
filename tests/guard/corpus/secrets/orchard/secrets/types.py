from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret as it was read; never printed."""

    path: str
    data: Mapping[str, str] = field(repr=False)
    version: int
    read_at: datetime
    lease: timedelta = timedelta(minutes=10)

    @property
    def expired(self) -> bool:
        return datetime.now(timezone.utc) > self.read_at + self.lease

    def __str__(self) -> str:
        return f"<secret {self.path} v{self.version}>"


@dataclass(frozen=True, slots=True)
class VaultSettings:
    url: str
    role: str
    mount: str = "kv"
    token_path: str = "/var/run/secrets/kubernetes.io/serviceaccount/token"
    ttl: float = 600.0
