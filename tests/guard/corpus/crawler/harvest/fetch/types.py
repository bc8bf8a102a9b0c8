from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.decode(self.charset, errors="replace")

    @property
    def charset(self) -> str:
        content_type = self.headers.get("Content-Type", "")
        _, _, charset = content_type.partition("charset=")
        return charset.strip() or "utf-8"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    user_agent: str = "HarvestBot/4 (+https://harvest.example/bot)"
    delay: float = 2.0
    retries: int = 3
    timeout: float = 20.0
    max_bytes: int = 5_000_000
    obey_robots: bool = True


@runtime_checkable
class Fetcher(Protocol):
    async def fetch(self, url: str) -> Page: ...

    async def aclose(self) -> None: ...
