from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import AsyncIterator, Protocol, Sequence


@dataclass(frozen=True, slots=True)
class Reading:
    sensor_id: str
    quantity: str
    value: float
    unit: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class SensorSpec:
    sensor_id: str
    host: str
    register: int
    quantity: str
    unit: str
    scale: float = 1.0
    every: float = 30.0


@dataclass(slots=True)
class CollectorStats:
    polled: int = 0
    failed: int = 0
    dropped: int = 0
    last_error: dict[str, str] = field(default_factory=dict)


class SensorTimeout(Exception):
    """A sensor did not answer in time."""

    def __init__(self, sensor_id: str) -> None:
        super().__init__(f"{sensor_id} did not answer")
        self.sensor_id = sensor_id


class ReadingSource(Protocol):
    """What the hub asks of anything that gathers readings of one kind of network."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def read_now(self, sensor_id: str) -> Reading: ...

    def stream(self) -> AsyncIterator[Reading]: ...

    @property
    def sensors(self) -> Sequence[SensorSpec]: ...
