"""Collects readings from sensors.

All sensors that hang on one of our gateways are collected here. Consumers
iterate over ``stream()``; nobody else should be talking to the gateways.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timezone

from .modbus import ModbusLink
from .types import CollectorStats, Reading, SensorSpec, SensorTimeout

log = logging.getLogger(__name__)


class SensorCollector:
    def __init__(self, sensors: Iterable[SensorSpec], *, buffer: int = 10_000) -> None:
        self._specs = {s.sensor_id: s for s in sensors}
        self._links: dict[str, ModbusLink] = {}
        self._queue: asyncio.Queue[Reading] = asyncio.Queue(buffer)
        self._tasks: list[asyncio.Task[None]] = []
        self.stats = CollectorStats()

    @property
    def sensors(self) -> Sequence[SensorSpec]:
        return tuple(self._specs.values())

    async def start(self) -> None:
        for spec in self._specs.values():
            self._tasks.append(
                asyncio.create_task(self._poll(spec), name=spec.sensor_id)
            )

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        for link in self._links.values():
            await link.close()

    async def add(self, spec: SensorSpec) -> None:
        self._specs[spec.sensor_id] = spec
        self._tasks.append(asyncio.create_task(self._poll(spec), name=spec.sensor_id))

    async def read_now(self, sensor_id: str) -> Reading:
        spec = self._specs[sensor_id]
        link = self._links.setdefault(spec.host, ModbusLink(spec.host))
        try:
            raw = await link.read_register(spec.register)
        except asyncio.TimeoutError:
            raise SensorTimeout(sensor_id) from None
        return Reading(
            spec.sensor_id,
            spec.quantity,
            raw * spec.scale,
            spec.unit,
            datetime.now(timezone.utc),
        )

    async def stream(self) -> AsyncIterator[Reading]:
        while True:
            yield await self._queue.get()

    async def _poll(self, spec: SensorSpec) -> None:
        while True:
            try:
                reading = await self.read_now(spec.sensor_id)
            except (SensorTimeout, OSError) as exc:
                self.stats.failed += 1
                self.stats.last_error[spec.sensor_id] = str(exc)
                log.warning("poll of %s: %s", spec.sensor_id, exc)
            else:
                self.stats.polled += 1
                self._offer(reading)
            await asyncio.sleep(spec.every)

    def _offer(self, reading: Reading) -> None:
        if self._queue.full():
            self._queue.get_nowait()
            self.stats.dropped += 1
        self._queue.put_nowait(reading)
