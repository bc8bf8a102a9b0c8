from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from fieldhub.collect.collector import SensorCollector
from fieldhub.collect.types import Reading, SensorSpec


class BurstCollector(SensorCollector):
    """Takes several samples each time and reports their mean, for noisy CO2 heads."""

    def __init__(
        self, sensors: Iterable[SensorSpec], *, burst: int = 5, gap: float = 0.2
    ) -> None:
        super().__init__(sensors)
        self._burst = burst
        self._gap = gap

    async def read_now(self, sensor_id: str) -> Reading:
        samples = []
        for _ in range(self._burst):
            samples.append(await super().read_now(sensor_id))
            await asyncio.sleep(self._gap)
        return replace(samples[-1], value=sum(s.value for s in samples) / len(samples))
