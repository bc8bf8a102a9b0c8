"""The application that tools/gen_asgi_servers.py starts under each server.

The product, and beside it a few WebSockets that ask a server for one thing each.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from goldenpath import Settings, WebSocketManager
from goldenpath.agents import ToolsAgent
from goldenpath.asgi._socket import Socket
from goldenpath.connections._transport import PeerLostError
from goldenpath.server import Server
from goldenpath.server._limits import Limits
from goldenpath.server._server import bind

DATA = Path(os.environ["PROBED_DATA"])
READY = DATA / "ready"
FLOOD_BYTES = 16 * 1024 * 1024
_STARTS_AFTER = 1.0

manager = WebSocketManager(agent=ToolsAgent(), settings=Settings(data=DATA))
seen = {"flooded": 0, "buffered": 0, "kept": 0}


async def aborts(websocket: WebSocket) -> None:
    """Let go of the peer, if the server can."""
    await websocket.accept()
    Socket(websocket).abort()
    await _wait_left(websocket)


async def waits(websocket: WebSocket) -> None:
    """Hear what comes, and do nothing about it."""
    await websocket.accept()
    await _wait_left(websocket)


async def floods(websocket: WebSocket) -> None:
    """Send to a peer that does not read, until the server says to wait."""
    await websocket.accept()
    peer = Socket(websocket)
    with contextlib.suppress(TimeoutError, PeerLostError):
        while seen["flooded"] < FLOOD_BYTES:
            async with asyncio.timeout(1.0):
                await peer.send(b"x" * 16384)
            seen["flooded"] += 16384
    seen["buffered"] = peer.buffered_bytes


async def cancels(websocket: WebSocket) -> None:
    """Give up waiting for a message again and again, and count those that come."""
    await websocket.accept()
    for patience in itertools.cycle((0.0, 0.001, 0.02)):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await websocket.receive_text()
                seen["kept"] += 1


async def _wait_left(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


async def tell(_request: Request) -> JSONResponse:
    """Tell what was seen so far."""
    return JSONResponse(seen)


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Take a moment to be ready."""
    await asyncio.sleep(_STARTS_AFTER)
    READY.touch()
    async with manager.lifespan(app):
        yield


app = Starlette(
    routes=[
        WebSocketRoute("/aborts", aborts),
        WebSocketRoute("/floods", floods),
        WebSocketRoute("/cancels", cancels),
        WebSocketRoute("/waits", waits),
        Route("/seen", tell),
        *manager.routes(),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    with bind("127.0.0.1", int(os.environ["PROBED_PORT"]), Limits()) as bound:
        Server(app, drain=manager.drain).run(sockets=[bound])
