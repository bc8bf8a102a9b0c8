from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import asyncpg
from aiohttp import web
from prometheus_client import REGISTRY

from fieldhub.collect.collector import SensorCollector
from fieldhub.collect.types import ReadingSource
from fieldhub.drivers.build import SourceBuilder
from fieldhub.ops.metrics import ProcessMetricsCollector
from fieldhub.ops.retention import ReadingSweeper
from fieldhub.tools.dashboard import DashboardFeed
from fieldhub.tools.weather import OutdoorReadings


async def store(source: ReadingSource, pool: asyncpg.Pool) -> None:
    async for r in source.stream():
        await pool.execute(
            "INSERT INTO reading VALUES ($1, $2, $3, $4, $5)",
            r.sensor_id,
            r.quantity,
            r.value,
            r.unit,
            r.taken_at,
        )


async def mast_loop() -> None:
    mast = OutdoorReadings("10.4.0.9", os.environ["INFLUX"], os.environ["INFLUX_TOKEN"])
    while True:
        await mast.fetch_and_push()
        await asyncio.sleep(60)


async def main() -> None:
    REGISTRY.register(ProcessMetricsCollector())
    pool = await asyncpg.create_pool(os.environ["DSN"])
    builder = SourceBuilder(json.loads(Path("/etc/fieldhub/secrets.json").read_text()))
    app = web.Application()
    await ReadingSweeper(pool).start()
    async with asyncio.TaskGroup() as group:
        for path in sorted(Path("/etc/fieldhub/sites").glob("*.json")):
            source = builder.build(json.loads(path.read_text()))
            await source.start()
            if isinstance(source, SensorCollector):
                app.router.add_get(f"/{path.stem}/values", DashboardFeed(source).handle)
            group.create_task(store(source, pool))
        group.create_task(mast_loop())
        group.create_task(web._run_app(app, port=8080))


if __name__ == "__main__":
    asyncio.run(main())
