from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from toggles.store import FlagStore


@dataclass
class FlagStoreBuilder:
    path: Path | None = None
    overrides: list[tuple[str, str, bool]] = field(default_factory=list)

    def from_file(self, path: Path) -> FlagStoreBuilder:
        self.path = path
        return self

    def override(self, name: str, user: str, value: bool) -> FlagStoreBuilder:
        self.overrides.append((name, user, value))
        return self

    def build(self) -> FlagStore:
        assert self.path is not None
        store = FlagStore(self.path)
        store.reload()
        for name, user, value in self.overrides:
            store.override(name, user, value)
        return store
