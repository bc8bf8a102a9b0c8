from __future__ import annotations

from dataclasses import dataclass, field

from gauge.registry import MetricsRegistry


@dataclass(frozen=True)
class LabelledMetrics:
    registry: MetricsRegistry
    labels: dict[str, str] = field(default_factory=dict)

    def increment(self, name: str, by: float = 1) -> None:
        self.registry.increment(name, by, **self.labels)

    def observe(self, name: str, value: float) -> None:
        self.registry.observe(name, value, **self.labels)

    def with_label(self, name: str, value: str) -> LabelledMetrics:
        return LabelledMetrics(self.registry, {**self.labels, name: value})
