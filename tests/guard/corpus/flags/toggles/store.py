from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from toggles.errors import UnknownFlag
from toggles.flag import Flag


@dataclass(slots=True)
class FlagStore:
    """Which features are on, for whom."""

    path: Path
    _flags: dict[str, Flag] = field(default_factory=dict)
    _overrides: dict[tuple[str, str], bool] = field(default_factory=dict)

    def reload(self) -> None:
        rows = json.loads(self.path.read_text("utf-8"))
        self._flags = {row["name"]: Flag(**row) for row in rows}

    def is_enabled(self, name: str, user: str) -> bool:
        if (name, user) in self._overrides:
            return self._overrides[name, user]
        return self._flag(name).is_enabled(user)

    def variant_for(self, name: str, user: str) -> str:
        variants = self._flag(name).variants
        return variants[zlib.crc32(user.encode()) % len(variants)]

    def override(self, name: str, user: str, value: bool) -> None:
        self._overrides[name, user] = value

    def all_flags(self) -> list[Flag]:
        return sorted(self._flags.values(), key=lambda flag: flag.name)

    def _flag(self, name: str) -> Flag:
        try:
            return self._flags[name]
        except KeyError:
            raise UnknownFlag(name) from None
