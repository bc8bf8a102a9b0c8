from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
from croniter import croniter

from cron.gate import CronGate


@dataclass
class Job:
    name: str
    when: str
    command: list[str]
    longest: timedelta = timedelta(hours=1)

    def due(self, now: float) -> bool:
        return croniter.match(self.when, now)


@dataclass
class Runner:
    pool: asyncpg.Pool
    jobs: list[Job] = field(default_factory=list)
    host: str = field(default_factory=socket.gethostname)

    async def tick(self, now: float) -> None:
        await asyncio.gather(*(self._run(job) for job in self.jobs if job.due(now)))

    async def _run(self, job: Job) -> None:
        gate = CronGate(self.pool, self.host)
        if await gate.enter(job.name, job.longest):
            try:
                process = await asyncio.create_subprocess_exec(*job.command)
                await process.wait()
            finally:
                await gate.leave(job.name)
