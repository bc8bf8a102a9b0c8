from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from statistics import median

from .types import Reading, ReadingSource, SensorSpec


class SmoothedSource:
    """Wraps a source and takes single spikes out of its stream (running median)."""

    def __init__(self, inner: ReadingSource, window: int = 3) -> None:
        self._inner = inner
        self._seen: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=window))

    @property
    def sensors(self) -> Sequence[SensorSpec]:
        return self._inner.sensors

    async def start(self) -> None:
        await self._inner.start()

    async def stop(self) -> None:
        await self._inner.stop()

    async def read_now(self, sensor_id: str) -> Reading:
        return self._smooth(await self._inner.read_now(sensor_id))

    async def stream(self) -> AsyncIterator[Reading]:
        async for reading in self._inner.stream():
            yield self._smooth(reading)

    def _smooth(self, reading: Reading) -> Reading:
        seen = self._seen[reading.sensor_id]
        seen.append(reading.value)
        return replace(reading, value=median(seen))
