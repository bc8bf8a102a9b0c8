from __future__ import annotations

from datetime import datetime

from chargehub.timing import JobAlreadyExists, JobSpec, UnknownJob
from chargehub.timing.triggers import Trigger


class FakeScheduler:
    """Keeps the jobs in a dict; tests fire them by hand."""

    def __init__(self) -> None:
        self.jobs: dict[str, JobSpec] = {}
        self.started = False

    async def add(
        self, name: str, trigger: Trigger, target: str, **kwargs: object
    ) -> JobSpec:
        if name in self.jobs:
            raise JobAlreadyExists(name)
        self.jobs[name] = JobSpec(name, trigger, target, dict(kwargs))
        return self.jobs[name]

    async def cancel(self, name: str) -> None:
        if self.jobs.pop(name, None) is None:
            raise UnknownJob(name)

    async def next_run(self, name: str) -> datetime | None:
        return self.jobs[name].trigger.next_after(datetime(2024, 1, 1))

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.started = False
