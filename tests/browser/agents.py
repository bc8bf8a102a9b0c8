"""Agents for what models may write, and how fast."""

from __future__ import annotations

from collections.abc import AsyncIterator

from goldenpath import RunContext

PIECE = 7


async def echo(message: str, ctx: RunContext) -> AsyncIterator[str]:
    """Think it, call a tool with it, and say it, in pieces."""
    await ctx.think(message[:2000])
    async with ctx.tool("repeat", {"text": message[:2000]}) as call:
        await call.progress(0.5, text=message[:200])
        call.result = {"text": message[:2000]}
    if len(message) > 10_000:
        yield message
        return
    for start in range(0, len(message), PIECE):
        yield message[start : start + PIECE]
