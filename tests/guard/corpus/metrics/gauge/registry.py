from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from gauge.sample import Sample

Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class MetricsRegistry:
    """Every number of this process, by name and labels."""

    _counts: dict[Key, float] = field(default_factory=dict)
    _gauges: dict[Key, float] = field(default_factory=dict)
    _observed: dict[Key, list[float]] = field(default_factory=dict)

    def increment(self, name: str, by: float = 1, **labels: str) -> None:
        key = self._key(name, labels)
        self._counts[key] = self._counts.get(key, 0) + by

    def set_gauge(self, name: str, value: float, **labels: str) -> None:
        self._gauges[self._key(name, labels)] = value

    def observe(self, name: str, value: float, **labels: str) -> None:
        insort(self._observed.setdefault(self._key(name, labels), []), value)

    def percentile(self, name: str, share: float, **labels: str) -> float:
        values = self._observed[self._key(name, labels)]
        return values[min(len(values) - 1, int(len(values) * share))]

    def samples(self) -> list[Sample]:
        both = {**self._counts, **self._gauges}
        return [Sample(name, value, labels) for (name, labels), value in both.items()]

    def expose(self) -> str:
        return "\n".join(sorted(sample.line for sample in self.samples()))

    def reset(self) -> None:
        self._counts.clear()
        self._gauges.clear()
        self._observed.clear()

    @staticmethod
    def _key(name: str, labels: dict[str, str]) -> Key:
        return name, tuple(sorted(labels.items()))
