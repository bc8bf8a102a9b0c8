from __future__ import annotations

from datetime import datetime, timezone

import pytest

from fieldhub.collect.smoothing import SmoothedSource
from fieldhub.collect.types import Reading


class ScriptedSource:
    """Plays a list of values, for tests."""

    def __init__(self, *values: float) -> None:
        self.values = list(values)
        self.sensors = ()
        self.started = False

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.started = False

    async def read_now(self, sensor_id: str) -> Reading:
        return Reading(
            sensor_id, "temp", self.values.pop(0), "C", datetime.now(timezone.utc)
        )

    async def stream(self):
        while self.values:
            yield await self.read_now("s1")


@pytest.mark.asyncio
async def test_spike_is_taken_out():
    source = SmoothedSource(ScriptedSource(20.0, 85.0, 21.0))
    got = [r.value async for r in source.stream()]
    assert got[-1] == 21.0


@pytest.mark.asyncio
async def test_start_goes_through():
    inner = ScriptedSource()
    await SmoothedSource(inner).start()
    assert inner.started
