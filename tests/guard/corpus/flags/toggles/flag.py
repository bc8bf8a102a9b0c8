from __future__ import annotations

import zlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    share: int = 0
    variants: tuple[str, ...] = field(default=())

    def is_enabled(self, user: str) -> bool:
        return zlib.crc32(f"{self.name}:{user}".encode()) % 100 < self.share
