from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import asyncpg


@dataclass
class Visit:
    id: int
    station: str
    technician: str
    starts: datetime


class MaintenanceScheduler:
    """Books technicians: finds the free slot and writes it in the calendar."""

    SLOTS = (8, 10, 13, 15)

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def add(self, station: str, region: str, earliest: date) -> Visit:
        day = earliest
        while True:
            for hour in self.SLOTS:
                start = datetime(day.year, day.month, day.day, hour)
                technician = await self.pool.fetchval(
                    "SELECT t.name FROM technician t WHERE t.region = $1 AND NOT EXISTS "
                    "(SELECT 1 FROM visit v WHERE v.technician = t.name AND v.starts = $2) LIMIT 1",
                    region,
                    start,
                )
                if technician:
                    ident = await self.pool.fetchval(
                        "INSERT INTO visit (station, technician, starts) VALUES ($1, $2, $3) RETURNING id",
                        station,
                        technician,
                        start,
                    )
                    return Visit(ident, station, technician, start)
            day += timedelta(days=1)

    async def cancel(self, visit_id: int) -> None:
        await self.pool.execute("DELETE FROM visit WHERE id = $1", visit_id)

    async def upcoming(self, technician: str) -> list[Visit]:
        rows = await self.pool.fetch(
            "SELECT id, station, technician, starts FROM visit WHERE technician = $1 AND starts > now()",
            technician,
        )
        return [Visit(**row) for row in rows]
