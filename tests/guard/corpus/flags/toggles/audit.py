from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class FlagAudit:
    lines: list[tuple[datetime, str, str, bool]] = field(default_factory=list)

    def override(self, name: str, user: str, value: bool) -> None:
        self.lines.append((datetime.now(), name, user, value))

    def of_flag(self, name: str) -> list[tuple[datetime, str, str, bool]]:
        return [line for line in self.lines if line[1] == name]

    def last(self) -> datetime | None:
        return self.lines[-1][0] if self.lines else None
