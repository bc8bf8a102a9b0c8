from __future__ import annotations

import asyncio
import base64
import json
import struct
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import aiomqtt

from fieldhub.collect.types import Reading, ReadingSource, SensorSpec, SensorTimeout


class LorawanSource(ReadingSource):
    """ReadingSource for the battery nodes out in the fields.

    These have no gateway of ours: they push to The Things Network whenever
    they wake up, and we subscribe there. Chosen by ``network: ttn`` in a
    site's config (see ``fieldhub.drivers.build``).
    """

    def __init__(
        self, app_id: str, api_key: str, sensors: Sequence[SensorSpec]
    ) -> None:
        self._app_id = app_id
        self._api_key = api_key
        self._sensors = {s.sensor_id: s for s in sensors}
        self._latest: dict[str, Reading] = {}
        self._queue: asyncio.Queue[Reading] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    @property
    def sensors(self) -> Sequence[SensorSpec]:
        return tuple(self._sensors.values())

    async def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()

    async def read_now(self, sensor_id: str) -> Reading:
        try:
            return self._latest[sensor_id]
        except KeyError:
            raise SensorTimeout(sensor_id) from None

    async def stream(self) -> AsyncIterator[Reading]:
        while True:
            yield await self._queue.get()

    async def _listen(self) -> None:
        async with aiomqtt.Client(
            "eu1.cloud.thethings.network", username=self._app_id, password=self._api_key
        ) as client:
            await client.subscribe(f"v3/{self._app_id}/devices/+/up")
            async for message in client.messages:
                uplink = json.loads(message.payload)
                device = uplink["end_device_ids"]["device_id"]
                spec = self._sensors.get(device)
                if spec is None:
                    continue
                payload = base64.b64decode(uplink["uplink_message"]["frm_payload"])
                (raw,) = struct.unpack(">h", payload[:2])
                reading = Reading(
                    device,
                    spec.quantity,
                    raw * spec.scale,
                    spec.unit,
                    datetime.fromisoformat(uplink["received_at"]),
                )
                self._latest[device] = reading
                await self._queue.put(reading)
