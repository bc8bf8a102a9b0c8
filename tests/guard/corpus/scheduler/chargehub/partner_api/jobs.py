from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import uuid4

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from chargehub.timing import Scheduler, UnknownJob
from chargehub.timing.triggers import Once


class CelerySignature:
    """``task.apply_async(eta=...)`` as the partner plugins know it, over our scheduler."""

    def __init__(self, scheduler: Scheduler, target: str) -> None:
        self._scheduler = scheduler
        self._target = target

    async def apply_async(
        self,
        kwargs: dict | None = None,
        *,
        eta: datetime | None = None,
        countdown: float = 0,
    ) -> str:
        when = eta or datetime.now(timezone.utc) + timedelta(seconds=countdown)
        task_id = uuid4().hex
        await self._scheduler.add(
            f"celery-{task_id}", Once(when), self._target, **(kwargs or {})
        )
        return task_id

    async def revoke(self, task_id: str) -> None:
        try:
            await self._scheduler.cancel(f"celery-{task_id}")
        except UnknownJob:
            pass


class PartnerJobs:
    """Timed pulls from the roaming partners (Hubject, Gireve)."""

    def __init__(self) -> None:
        self._aps = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()}, timezone="UTC"
        )
        self._ids: dict[str, str] = {}

    def add_pull(self, partner: str, coro_func, cron: dict[str, str]) -> None:
        job = self._aps.add_job(
            coro_func, "cron", args=[partner], coalesce=True, max_instances=1, **cron
        )
        self._ids[partner] = job.id

    def remove_pull(self, partner: str) -> None:
        self._aps.remove_job(self._ids.pop(partner))

    def next_pull(self, partner: str) -> datetime | None:
        job = self._aps.get_job(self._ids[partner])
        return job.next_run_time if job else None

    def start(self) -> None:
        self._aps.start()

    def shutdown(self) -> None:
        self._aps.shutdown(wait=False)
