from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Calibration:
    sensor_id: str
    offset: float
    gain: float


class SensorCalibrator:
    """Writes offsets and gains into the sensors after the yearly lab check."""

    def __init__(self, base_url: str, archive: Path) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, timeout=10)
        self._archive = archive

    async def start(self) -> None:
        self._archive.mkdir(exist_ok=True)

    async def stop(self) -> None:
        await self._http.aclose()

    async def push(self, cal: Calibration) -> None:
        answer = await self._http.put(
            f"/sensors/{cal.sensor_id}/calibration",
            json={"offset": cal.offset, "gain": cal.gain},
        )
        answer.raise_for_status()
        path = self._archive / f"{cal.sensor_id}.json"
        path.write_text(json.dumps({"offset": cal.offset, "gain": cal.gain}))
