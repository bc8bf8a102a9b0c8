from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal

import websockets


class RateFeedSocket:
    """Our one connection to the exchange-rate provider; reconnects by itself."""

    def __init__(self, url: str, pairs: list[str]) -> None:
        self._url = url
        self._pairs = pairs
        self._listeners: list[Callable[[str, Decimal], Awaitable[None]]] = []

    def listen(self, fn: Callable[[str, Decimal], Awaitable[None]]) -> None:
        self._listeners.append(fn)

    async def run(self) -> None:
        delay = 1.0
        while True:
            try:
                async with websockets.connect(self._url) as ws:
                    await ws.send(json.dumps({"subscribe": self._pairs}))
                    delay = 1.0
                    async for raw in ws:
                        tick = json.loads(raw)
                        for fn in self._listeners:
                            await fn(tick["pair"], Decimal(tick["rate"]))
            except OSError:
                await asyncio.sleep(delay)
                delay = min(delay * 2, 60)
