from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .triggers import Trigger


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One job: what to call, and when."""

    name: str
    trigger: Trigger
    target: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    misfire_grace: float = 60.0


@dataclass(slots=True)
class RunRecord:
    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        return self.finished_at is not None and self.error is None


class UnknownJob(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"no job called {name!r}")
        self.name = name


class JobAlreadyExists(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"a job called {name!r} is scheduled already")
        self.name = name
