from __future__ import annotations

import time

from gauge.registry import MetricsRegistry


class Timer:
    def __init__(self, registry: MetricsRegistry, name: str) -> None:
        self.registry = registry
        self.name = name
        self.laps: list[float] = []

    def __enter__(self) -> Timer:
        self.reset()
        return self

    def __exit__(self, *_: object) -> None:
        self.observe()

    def observe(self) -> None:
        self.laps.append(time.perf_counter() - self.began)
        self.registry.observe(self.name, self.laps[-1])

    def reset(self) -> None:
        self.began = time.perf_counter()
