from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class PreferenceStore:
    folder: Path
    _by_user: dict[str, dict[str, str]] = field(default_factory=dict)

    def reload(self, user: str) -> None:
        self._by_user[user] = json.loads((self.folder / user).read_text("utf-8"))

    def override(self, user: str, name: str, value: str) -> None:
        self._by_user.setdefault(user, {})[name] = value

    def language(self, user: str) -> str:
        return self._by_user.get(user, {}).get("language", "en")

    def save(self, user: str) -> None:
        (self.folder / user).write_text(json.dumps(self._by_user[user]), "utf-8")
