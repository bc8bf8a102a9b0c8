from __future__ import annotations

from aiohttp import web

from foundry.coord.manager import LockManager
from foundry.coord.types import Lease, LockLost, LockTimeout


class LockEndpoint:
    """Lends the lock manager by HTTP to the tools that are not in Python."""

    def __init__(self, manager: LockManager) -> None:
        self._manager = manager

    def register(self, app: web.Application) -> None:
        app.router.add_get("/locks", self.index)
        app.router.add_post("/locks/{name}", self.acquire)
        app.router.add_delete("/locks/{name}", self.release)

    async def index(self, request: web.Request) -> web.Response:
        return web.json_response(await self._manager.held())

    async def acquire(self, request: web.Request) -> web.Response:
        wait = float(request.query.get("wait", "0"))
        try:
            lease = await self._manager.acquire(request.match_info["name"], wait=wait)
        except LockTimeout as error:
            raise web.HTTPConflict(text=str(error)) from error
        return web.json_response({"token": lease.token, "fence": lease.fence})

    async def release(self, request: web.Request) -> web.Response:
        try:
            await self._manager.release(
                Lease(request.match_info["name"], request.query["token"], 0)
            )
        except LockLost:
            raise web.HTTPGone from None
        return web.Response(status=204)
