from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Handler = Callable[[Any], Awaitable[None]]


class EventBus:
    """Domain events inside the process: who subscribed to a type is called."""

    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = defaultdict(list)

    def subscribe(self, kind: type, handler: Handler) -> None:
        self._handlers[kind].append(handler)

    async def publish(self, event: Any) -> None:
        for handler in self._handlers[type(event)]:
            await handler(event)


class WebhookBroadcaster:
    """Posts what happened on boards to the URLs customers registered."""

    def __init__(self, pool: Any, secret: bytes) -> None:
        self._pool = pool
        self._secret = secret

    async def register(self, tenant: str, url: str) -> None:
        await self._pool.execute(
            "insert into webhook (tenant, url) values ($1, $2)", tenant, url
        )

    async def broadcast(self, tenant: str, message: dict[str, Any]) -> int:
        body = json.dumps(message).encode()
        sign = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        rows = await self._pool.fetch(
            "select url from webhook where tenant = $1", tenant
        )
        async with httpx.AsyncClient(timeout=5) as http:
            answers = await asyncio.gather(
                *(
                    http.post(r["url"], content=body, headers={"X-Easel-Sign": sign})
                    for r in rows
                ),
                return_exceptions=True,
            )
        return sum(isinstance(a, httpx.Response) and a.is_success for a in answers)
