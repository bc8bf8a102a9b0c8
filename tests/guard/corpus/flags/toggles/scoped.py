from __future__ import annotations

from dataclasses import dataclass

from toggles.store import FlagStore


@dataclass(frozen=True)
class ScopedFlags:
    store: FlagStore
    user: str

    def is_enabled(self, name: str) -> bool:
        return self.store.is_enabled(name, self.user)

    def variant_for(self, name: str) -> str:
        return self.store.variant_for(name, self.user)

    def enabled(self) -> list[str]:
        return [f.name for f in self.store.all_flags() if self.is_enabled(f.name)]
