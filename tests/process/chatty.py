"""An agent for tests: `goldenpath serve --agent chatty:agent`."""

import asyncio


async def agent(message, ctx):
    await ctx.think(f"about {message!r} ")
    async with ctx.tool("look", {"at": message}) as call:
        await call.progress(0.5, text="half way")
        await asyncio.sleep(0.01)
        call.result = {"found": message}
    for number in range(30):
        yield f"{message}-{number} 𝄞 "
        await asyncio.sleep(0.01)
