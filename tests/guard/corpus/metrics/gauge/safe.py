from __future__ import annotations

import logging
from dataclasses import dataclass, field

from gauge.kinds import Counts


@dataclass
class SafeRegistry:
    inner: Counts
    failures: dict[str, int] = field(default_factory=dict)

    def increment(self, name: str, by: float = 1, **labels: str) -> None:
        try:
            self.inner.increment(name, by, **labels)
        except ValueError:
            self._failed(name)

    def set_gauge(self, name: str, value: float, **labels: str) -> None:
        try:
            self.inner.set_gauge(name, value, **labels)
        except ValueError:
            self._failed(name)

    def observe(self, name: str, value: float, **labels: str) -> None:
        try:
            self.inner.observe(name, value, **labels)
        except ValueError:
            self._failed(name)

    def reset(self) -> None:
        self.failures.clear()

    def _failed(self, name: str) -> None:
        self.failures[name] = self.failures.get(name, 0) + 1
        logging.getLogger(__name__).warning("no number for %s", name)
