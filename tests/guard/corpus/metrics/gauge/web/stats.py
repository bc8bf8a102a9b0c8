from __future__ import annotations

from bisect import insort
from collections import defaultdict


class StatsCollector:
    """Numbers of the web part."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = defaultdict(int)
        self.times: dict[str, list[float]] = defaultdict(list)

    def incr(self, name: str, by: int = 1) -> None:
        self.counts[name] += by

    def observe(self, name: str, value: float) -> None:
        insort(self.times[name], value)

    def percentile(self, name: str, share: float) -> float:
        return self.times[name][int(len(self.times[name]) * share)]

    def expose(self) -> str:
        return "\n".join(f"{name} {count}" for name, count in self.counts.items())
