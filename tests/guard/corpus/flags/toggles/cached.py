from __future__ import annotations

import time
from dataclasses import dataclass, field

from toggles.flag import Flag
from toggles.kinds import Flags


@dataclass(slots=True)
class CachedFlags:
    """Answers for a while what was answered before."""

    source: Flags
    seconds: float = 5.0
    _answers: dict[tuple[str, str], tuple[float, bool]] = field(default_factory=dict)

    def is_enabled(self, name: str, user: str) -> bool:
        key = (name, user)
        until, answer = self._answers.get(key, (0.0, False))
        if until < time.monotonic():
            answer = self.source.is_enabled(name, user)
            self._answers[key] = (time.monotonic() + self.seconds, answer)
        return answer

    def variant_for(self, name: str, user: str) -> str:
        return self.source.variant_for(name, user)

    def all_flags(self) -> list[Flag]:
        return self.source.all_flags()

    def forget(self) -> None:
        self._answers.clear()
