"""A chat beside an application's own routes.

Run it from the repository, after `goldenpath users add NAME`::

    uvicorn examples.fastapi_app:app --ws-ping-interval 0

The chat is at http://127.0.0.1:8000/chat/ then, and the application's own page at
http://127.0.0.1:8000/.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import FastAPI

from goldenpath import Event, RunContext, WebSocketManager


async def parrot(message: str, ctx: RunContext) -> AsyncIterator[str | Event]:
    """Say again what was said, and how often something was said before."""
    before = sum(turn.role == "user" for turn in ctx.history)
    yield f"{ctx.user.name}, you said: {message}"
    if before:
        yield f"\n\nBefore that you wrote {before} messages here."


manager = WebSocketManager(agent=parrot)
app = FastAPI(title="An application with a chat")
app.include_router(manager.router(), prefix="/chat")


@app.get("/")
async def home() -> dict[str, str]:
    """Say where the chat is."""
    return {"chat": "/chat/"}
