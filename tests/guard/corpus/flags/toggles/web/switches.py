from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Switchboard:
    file: Path
    switches: dict[str, bool] = field(default_factory=dict)

    def reload(self) -> None:
        self.switches = json.loads(self.file.read_text())

    def is_on(self, name: str, user: str) -> bool:
        return self.switches.get(name, False)

    def override(self, name: str, user: str, value: bool) -> None:
        self.switches[name] = value

    def all_flags(self) -> list[str]:
        return sorted(self.switches)
