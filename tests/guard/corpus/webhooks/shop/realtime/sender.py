from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

import aiohttp
from channels.db import database_sync_to_async

from shop.hooks.models import Endpoint


class AsyncHookSender:
    """Sends stock-level events right away from the websocket workers.

    The dispatcher's queue was too slow for stock levels, so this one does not
    queue: it posts to all endpoints at once and tries three times.
    """

    def __init__(self, concurrency: int = 32, attempts: int = 3) -> None:
        self._limit = asyncio.Semaphore(concurrency)
        self._attempts = attempts
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> AsyncHookSender:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.close()

    async def publish(
        self, merchant_id: int, topic: str, payload: dict[str, Any]
    ) -> int:
        endpoints = await self._endpoints(merchant_id, topic)
        results = await asyncio.gather(
            *(self._deliver(e, topic, payload) for e in endpoints)
        )
        return sum(results)

    @database_sync_to_async
    def _endpoints(self, merchant_id: int, topic: str) -> list[Endpoint]:
        return [
            e
            for e in Endpoint.objects.filter(merchant_id=merchant_id, enabled=True)
            if e.wants(topic)
        ]

    async def _deliver(
        self, endpoint: Endpoint, topic: str, payload: dict[str, Any]
    ) -> bool:
        raw = json.dumps({"topic": topic, "data": payload}).encode()
        stamp = str(int(time.time()))
        mac = hmac.new(
            endpoint.secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256
        ).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Shop-Signature": f"t={stamp},v1={mac}",
        }
        for attempt in range(self._attempts):
            async with self._limit:
                try:
                    async with self._http.post(
                        endpoint.url, data=raw, headers=headers
                    ) as answer:
                        if answer.status < 300:
                            return True
                except (aiohttp.ClientError, asyncio.TimeoutError):
                    pass
            await asyncio.sleep(0.2 * 2**attempt)
        return False


class StockBroadcaster:
    """Pushes stock levels to the browsers that have the shop's page open."""

    def __init__(self, layer):
        self.layer = layer

    async def publish(
        self, merchant_id: int, topic: str, payload: dict[str, Any]
    ) -> None:
        group = f"shop-{merchant_id}"
        await self.layer.group_send(
            group, {"type": "stock.changed", "topic": topic, "data": payload}
        )


async def stock_changed(layer, merchant_id, sku, left):
    payload = {"sku": sku, "left": left}
    await StockBroadcaster(layer).publish(merchant_id, "stock.changed", payload)
    async with AsyncHookSender() as sender:
        await sender.publish(merchant_id, "stock.changed", payload)
