from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass
class ExperimentFlags:
    """Experiments, and who is in which arm."""

    arms: dict[str, list[str]] = field(default_factory=dict)
    forced: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_enabled(self, name: str, user: str) -> bool:
        return self.variant_for(name, user) != "control"

    def variant_for(self, name: str, user: str) -> str:
        if (name, user) in self.forced:
            return self.forced[name, user]
        arms = self.arms[name]
        return arms[hashlib.md5(f"{name}{user}".encode()).digest()[0] % len(arms)]

    def force(self, name: str, user: str, arm: str) -> None:
        self.forced[name, user] = arm
