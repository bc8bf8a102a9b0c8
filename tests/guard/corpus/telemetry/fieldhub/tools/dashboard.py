from __future__ import annotations

import asyncio

from aiohttp import web

from fieldhub.collect.collector import SensorCollector


class DashboardFeed:
    """The collector in the shape the old dashboard polls: ``values()`` gives a plain dict."""

    def __init__(self, collector: SensorCollector) -> None:
        self._collector = collector

    async def values(self) -> dict[str, float]:
        ids = [s.sensor_id for s in self._collector.sensors]
        readings = await asyncio.gather(
            *(self._collector.read_now(i) for i in ids), return_exceptions=True
        )
        return {
            r.sensor_id: r.value for r in readings if not isinstance(r, BaseException)
        }

    async def handle(self, request: web.Request) -> web.Response:
        return web.json_response(await self.values())
