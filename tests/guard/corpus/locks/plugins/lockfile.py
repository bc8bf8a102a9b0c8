"""plugins.lock: the exact versions of the plugins that a site has."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class LockedPlugin:
    name: str
    version: str
    sha256: str


class PluginLock:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.plugins: dict[str, LockedPlugin] = {}

    def load(self) -> None:
        rows = json.loads(self.path.read_text())
        self.plugins = {row["name"]: LockedPlugin(**row) for row in rows}

    def lock(self, name: str, version: str, wheel: Path) -> LockedPlugin:
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.plugins[name] = LockedPlugin(name, version, digest)
        return self.plugins[name]

    def unlock(self, name: str) -> None:
        self.plugins.pop(name, None)

    def save(self) -> None:
        rows = [asdict(p) for _, p in sorted(self.plugins.items())]
        self.path.write_text(json.dumps(rows, indent=2) + "\n")
