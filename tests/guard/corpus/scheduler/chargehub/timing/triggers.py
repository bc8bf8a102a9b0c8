from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from croniter import croniter


class Trigger(Protocol):
    def next_after(self, moment: datetime) -> datetime | None: ...


@dataclass(frozen=True)
class Every:
    interval: timedelta
    start: datetime | None = None

    def next_after(self, moment: datetime) -> datetime | None:
        if self.start is None:
            return moment + self.interval
        if moment < self.start:
            return self.start
        passed = (moment - self.start) // self.interval
        return self.start + (passed + 1) * self.interval


@dataclass(frozen=True)
class Once:
    at: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        return self.at if moment < self.at else None


@dataclass(frozen=True)
class CronTrigger:
    expression: str
    zone: str = "Europe/Oslo"

    def next_after(self, moment: datetime) -> datetime | None:
        local = moment.astimezone(ZoneInfo(self.zone))
        return croniter(self.expression, local).get_next(datetime)


def daily(at: time, zone: str = "Europe/Oslo") -> CronTrigger:
    return CronTrigger(f"{at.minute} {at.hour} * * *", zone)
