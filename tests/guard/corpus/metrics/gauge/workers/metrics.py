from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class WorkerMetrics:
    done: dict[str, int] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)

    def increment(self, name: str, by: int = 1) -> None:
        self.done[name] = self.done.get(name, 0) + by

    def set_gauge(self, name: str, value: float) -> None:
        self.levels[name] = value

    def render(self) -> str:
        rows = [*self.done.items(), *self.levels.items()]
        return "\n".join(sorted(f"{name} {value}" for name, value in rows))

    def reset(self) -> None:
        self.done.clear()
        self.levels.clear()
