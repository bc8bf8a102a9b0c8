from __future__ import annotations

import pickle
from datetime import datetime

import asyncpg

from .model import JobSpec, RunRecord


class JobTable:
    """The rows behind the scheduler: ``timing.job`` and ``timing.run``."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def load_all(self) -> list[tuple[JobSpec, datetime | None]]:
        rows = await self._pool.fetch("SELECT spec, next_run FROM timing.job")
        return [(pickle.loads(row["spec"]), row["next_run"]) for row in rows]

    async def put(self, spec: JobSpec, next_run: datetime | None) -> None:
        await self._pool.execute(
            "INSERT INTO timing.job (name, spec, next_run) VALUES ($1, $2, $3) "
            "ON CONFLICT (name) DO UPDATE SET spec = $2, next_run = $3",
            spec.name,
            pickle.dumps(spec),
            next_run,
        )

    async def drop(self, name: str) -> bool:
        status = await self._pool.execute(
            "DELETE FROM timing.job WHERE name = $1", name
        )
        return status != "DELETE 0"

    async def log(self, record: RunRecord) -> None:
        await self._pool.execute(
            "INSERT INTO timing.run (job, due_at, started_at, finished_at, error) "
            "VALUES ($1, $2, $3, $4, $5)",
            record.job,
            record.due_at,
            record.started_at,
            record.finished_at,
            record.error,
        )
