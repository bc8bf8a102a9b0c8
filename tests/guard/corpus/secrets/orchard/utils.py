from __future__ import annotations

import os
import re
from pathlib import Path


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class MountedSecrets:
    """Secrets as files (docker swarm, /run/secrets). Reads a file again when it changes."""

    def __init__(self, folder: str = "/run/secrets") -> None:
        self._folder = Path(folder)
        self._seen: dict[str, tuple[int, str]] = {}

    def __getitem__(self, name: str) -> str:
        file = self._folder / name
        try:
            stamp = file.stat().st_mtime_ns
        except FileNotFoundError:
            fallback = os.environ.get(name.upper())
            if fallback is None:
                raise KeyError(name) from None
            return fallback
        if name not in self._seen or self._seen[name][0] != stamp:
            self._seen[name] = (stamp, file.read_text().strip())
        return self._seen[name][1]

    def __contains__(self, name: str) -> bool:
        return (self._folder / name).exists() or name.upper() in os.environ

    def get(self, name: str, default: str | None = None) -> str | None:
        try:
            return self[name]
        except KeyError:
            return default
