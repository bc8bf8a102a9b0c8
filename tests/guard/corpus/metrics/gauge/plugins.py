from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Made = TypeVar("Made")


@dataclass
class PluginRegistry(Generic[Made]):
    makers: dict[str, Callable[[], Made]] = field(default_factory=dict)

    def register(self, name: str, make: Callable[[], Made]) -> None:
        self.makers[name] = make

    def make(self, name: str) -> Made:
        return self.makers[name]()

    def expose(self) -> list[str]:
        return sorted(self.makers)

    def reset(self) -> None:
        self.makers.clear()
