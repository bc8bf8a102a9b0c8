"""The v2 ingest (2022), begun for the MQTT gateways and never finished.

Pilot sites Lelystad and Emmen still depend on it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import aiomqtt
import asyncpg

log = logging.getLogger("harvest")


class Harvester:
    def __init__(
        self, broker: str, dsn: str, topics: list[str], batch: int = 200
    ) -> None:
        self.broker = broker
        self.dsn = dsn
        self.topics = topics
        self.batch = batch
        self._pending: list[tuple[str, float, float]] = []
        self._last_flush = time.monotonic()

    async def run(self) -> None:
        pool = await asyncpg.create_pool(self.dsn)
        while True:
            try:
                async with aiomqtt.Client(self.broker) as client:
                    for topic in self.topics:
                        await client.subscribe(topic)
                    async for message in client.messages:
                        self.accept(str(message.topic), json.loads(message.payload))
                        if (
                            len(self._pending) >= self.batch
                            or time.monotonic() - self._last_flush > 10
                        ):
                            await self.flush(pool)
            except aiomqtt.MqttError as exc:
                log.warning("broker gone: %s", exc)
                await asyncio.sleep(5)

    def accept(self, topic: str, body: dict[str, Any]) -> None:
        device = topic.rsplit("/", 1)[-1]
        for name, value in body.get("sensors", {}).items():
            self._pending.append(
                (f"{device}.{name}", float(value), body.get("ts", time.time()))
            )

    async def flush(self, pool: asyncpg.Pool) -> None:
        rows, self._pending = self._pending, []
        await pool.executemany(
            "INSERT INTO sample (sensor, value, ts) VALUES ($1, $2, to_timestamp($3))",
            rows,
        )
        self._last_flush = time.monotonic()
