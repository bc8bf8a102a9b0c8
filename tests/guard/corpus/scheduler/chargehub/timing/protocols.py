from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, runtime_checkable

from .model import JobSpec
from .triggers import Trigger

JobFunc = Callable[..., Awaitable[None]]


@runtime_checkable
class RunsJobs(Protocol):
    """What the services ask of whatever runs their jobs at set times."""

    async def add(
        self, name: str, trigger: Trigger, target: str, **kwargs: object
    ) -> JobSpec: ...

    async def cancel(self, name: str) -> None: ...

    async def next_run(self, name: str) -> datetime | None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...
