from __future__ import annotations

import asyncio
import heapq
import importlib
import logging
from datetime import datetime, timezone
from typing import Any

from .model import JobAlreadyExists, JobSpec, RunRecord, UnknownJob
from .store import JobTable
from .triggers import Trigger

log = logging.getLogger(__name__)


class DueQueue:
    """Names of jobs ordered by the moment they are due; removal is lazy."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []
        self._current: dict[str, datetime] = {}

    def set(self, name: str, due: datetime) -> None:
        self._current[name] = due
        heapq.heappush(self._heap, (due, name))

    def discard(self, name: str) -> None:
        self._current.pop(name, None)

    def due_of(self, name: str) -> datetime | None:
        return self._current.get(name)

    def head(self) -> tuple[datetime, str] | None:
        while self._heap:
            due, name = self._heap[0]
            if self._current.get(name) == due:
                return due, name
            heapq.heappop(self._heap)
        return None


class Scheduler:
    """Runs jobs at set times, and remembers them over restarts.

    Every service of ChargeHub gives its timed work to this class. Jobs are
    named; their targets are dotted paths, so that a job can be loaded from
    the table again after a deploy.
    """

    def __init__(self, table: JobTable, *, max_running: int = 20) -> None:
        self._table = table
        self._jobs: dict[str, JobSpec] = {}
        self._queue = DueQueue()
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(max_running)
        self._loop_task: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def add(
        self, name: str, trigger: Trigger, target: str, **kwargs: Any
    ) -> JobSpec:
        if name in self._jobs:
            raise JobAlreadyExists(name)
        spec = JobSpec(name, trigger, target, kwargs)
        due = trigger.next_after(_now())
        await self._table.put(spec, due)
        self._jobs[name] = spec
        if due is not None:
            self._queue.set(name, due)
            self._wake.set()
        return spec

    async def cancel(self, name: str) -> None:
        if self._jobs.pop(name, None) is None:
            raise UnknownJob(name)
        self._queue.discard(name)
        await self._table.drop(name)
        self._wake.set()

    async def next_run(self, name: str) -> datetime | None:
        if name not in self._jobs:
            raise UnknownJob(name)
        return self._queue.due_of(name)

    async def run_now(self, name: str) -> None:
        try:
            spec = self._jobs[name]
        except KeyError:
            raise UnknownJob(name) from None
        await self._run(spec, _now())

    def jobs(self) -> list[JobSpec]:
        return sorted(self._jobs.values(), key=lambda spec: spec.name)

    async def start(self) -> None:
        for spec, due in await self._table.load_all():
            self._jobs[spec.name] = spec
            due = due or spec.trigger.next_after(_now())
            if due is not None:
                self._queue.set(spec.name, due)
        self._loop_task = asyncio.create_task(self._loop(), name="scheduler")

    async def stop(self) -> None:
        if self._loop_task is not None:
            self._loop_task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=30)

    async def _loop(self) -> None:
        while True:
            self._wake.clear()
            head = self._queue.head()
            timeout = None if head is None else (head[0] - _now()).total_seconds()
            if timeout is None or timeout > 0:
                try:
                    await asyncio.wait_for(self._wake.wait(), timeout)
                except asyncio.TimeoutError:
                    pass
                continue
            due, name = head
            self._queue.discard(name)
            spec = self._jobs[name]
            following = spec.trigger.next_after(_now())
            if following is not None:
                self._queue.set(name, following)
            await self._table.put(spec, following)
            if -timeout > spec.misfire_grace:
                log.warning("job %s missed its time by %.0f s", name, -timeout)
                continue
            task = asyncio.create_task(self._run(spec, due))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run(self, spec: JobSpec, due: datetime) -> None:
        record = RunRecord(spec.name, due, _now())
        async with self._slots:
            try:
                await _resolve(spec.target)(**spec.kwargs)
            except Exception as exc:
                log.exception("job %s failed", spec.name)
                record.error = repr(exc)
            record.finished_at = _now()
        await self._table.log(record)


def _resolve(target: str):
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _now() -> datetime:
    return datetime.now(timezone.utc)
