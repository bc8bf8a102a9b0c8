from __future__ import annotations

import asyncpg
from aiohttp import web
from redis.asyncio import Redis

from foundry.api.guard import AccountLocker, RequestBudget
from foundry.api.lock_routes import LockEndpoint
from foundry.coord.setup import LockProvider
from foundry.coord.types import LockSettings


async def build(settings: LockSettings, dsn: str) -> web.Application:
    app = web.Application()
    provider = LockProvider(settings)
    app["locks"] = provider.service()
    app["pool"] = await asyncpg.create_pool(dsn)
    app["accounts"] = AccountLocker(app["pool"])
    app["budget"] = RequestBudget(Redis.from_url(settings.url))
    LockEndpoint(provider.manager()).register(app)
    return app


async def transcode(request: web.Request) -> web.Response:
    asset = request.match_info["asset"]
    async with request.app["locks"].hold(f"asset/{asset}", wait=2.0) as lease:
        await request.app["pool"].execute(
            "INSERT INTO transcodes (asset_id, fence) VALUES ($1, $2)",
            asset,
            lease.fence,
        )
    return web.Response(status=202)
