"""Things put around or on top of a scheduler."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import Counter

from .model import JobSpec
from .protocols import RunsJobs
from .scheduler import Scheduler
from .triggers import Trigger

JOBS_ADDED = Counter(
    "chargehub_jobs_added_total", "Jobs given to the scheduler", ["target"]
)
JOBS_CANCELLED = Counter("chargehub_jobs_cancelled_total", "Jobs cancelled")


class CountedScheduler:
    """The given scheduler, with Prometheus counters."""

    def __init__(self, inner: RunsJobs) -> None:
        self._inner = inner

    async def add(
        self, name: str, trigger: Trigger, target: str, **kwargs: object
    ) -> JobSpec:
        spec = await self._inner.add(name, trigger, target, **kwargs)
        JOBS_ADDED.labels(target).inc()
        return spec

    async def cancel(self, name: str) -> None:
        await self._inner.cancel(name)
        JOBS_CANCELLED.inc()

    async def next_run(self, name: str) -> datetime | None:
        return await self._inner.next_run(name)

    async def start(self) -> None:
        await self._inner.start()

    async def stop(self) -> None:
        await self._inner.stop()


@dataclass(frozen=True)
class Jittered:
    inner: Trigger
    spread: timedelta

    def next_after(self, moment: datetime) -> datetime | None:
        due = self.inner.next_after(moment)
        return None if due is None else due + self.spread * random.random()


class JitteringScheduler(Scheduler):
    """Spreads jobs, so that 9000 charge points are not polled in one second."""

    spread = timedelta(seconds=45)

    async def add(
        self, name: str, trigger: Trigger, target: str, **kwargs: object
    ) -> JobSpec:
        return await super().add(name, Jittered(trigger, self.spread), target, **kwargs)
