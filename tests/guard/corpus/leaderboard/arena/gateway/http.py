from __future__ import annotations

from aiohttp import web

from arena.mobile.scoreboard import Scoreboard
from arena.ranking.ports import UnknownPlayer
from arena.ranking.wrappers import LeaderboardProvider

routes = web.RouteTableDef()


@routes.get("/v1/boards/{board}/top")
async def top(request: web.Request) -> web.Response:
    provider: LeaderboardProvider = request.app["boards"]
    rows = await provider.get(request.match_info["board"]).top(
        int(request.query.get("n", 10))
    )
    return web.json_response([{"player": r.player_id, "rank": r.rank} for r in rows])


@routes.get("/v1/boards/{board}/players/{player}")
async def player(request: web.Request) -> web.Response:
    provider: LeaderboardProvider = request.app["boards"]
    try:
        standing = await provider.get(request.match_info["board"]).rank_of(
            request.match_info["player"]
        )
    except UnknownPlayer:
        raise web.HTTPNotFound()
    return web.json_response({"rank": standing.rank, "score": standing.score})


@routes.post("/mobile/score")
async def mobile_score(request: web.Request) -> web.Response:
    scoreboard: Scoreboard = request.app["mobile_scoreboard"]
    body = await request.json()
    await scoreboard.add_points(body["uid"], body["level"], int(body["points"]))
    return web.json_response(
        {"position": await scoreboard.position(body["uid"], body["level"])}
    )
