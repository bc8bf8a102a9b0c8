"""Agents for what models may write, and how fast."""

from __future__ import annotations

import asyncio
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


async def count(message: str, ctx: RunContext) -> AsyncIterator[str]:
    """Count slowly to the number that the message ends with."""
    for number in range(int(message.rsplit(maxsplit=1)[-1])):
        yield f"{number} "
        await asyncio.sleep(0.03)


async def flood(message: str, ctx: RunContext) -> AsyncIterator[str]:
    """Say as many words as the message asks for, one by one, without a pause."""
    for number in range(int(message)):
        yield "w "
        if number % 100 == 0:
            await asyncio.sleep(0)
