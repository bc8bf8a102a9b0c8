from __future__ import annotations

import os
from pathlib import Path

import aioboto3
import asyncpg
from aiohttp import web
from redis.asyncio import Redis

from arena.bus import EventBus
from arena.events.ladder import CupLadder
from arena.gateway.http import routes
from arena.mobile.scoreboard import Scoreboard
from arena.ranking.wrappers import LeaderboardProvider
from arena.v2.rankings import PlayerRankings


async def create_app() -> web.Application:
    app = web.Application()
    redis = Redis.from_url(os.environ["REDIS_URL"])
    app["bus"] = EventBus()
    app["boards"] = LeaderboardProvider(redis, app["bus"])
    app["mobile_scoreboard"] = Scoreboard(
        await asyncpg.create_pool(os.environ["MOBILE_DSN"])
    )
    app["coop"] = PlayerRankings(aioboto3.Session())
    app["cup"] = CupLadder(os.environ.get("CUP", "weekend"), Path("/var/arena/cups"))
    app.add_routes(routes)
    return app
