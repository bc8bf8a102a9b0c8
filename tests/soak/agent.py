"""An agent that does a little of everything, drawn from the message itself.

The same message is answered in the same way, so that a run that is tried again says
what the first one would have said.
"""

import asyncio
import random

from goldenpath.errors import AgentError


async def agent(message, ctx):
    dice = random.Random(message)
    if dice.random() < 0.5:
        await ctx.think(f"about {message!r} ")
    for part in range(dice.randrange(1, 4)):
        if dice.random() < 0.4:
            async with ctx.tool("look", {"part": part}) as call:
                await call.progress(0.5, text="half way")
                await asyncio.sleep(dice.uniform(0.0, 0.3))
                call.result = {"found": "🜁" * dice.randrange(5)}
        for word in range(dice.randrange(3, 25)):
            yield f"{part}.{word} 𝄞 "
            await asyncio.sleep(dice.choice((0.0, 0.02, 0.1)))
    if dice.random() < 0.05:
        yield f"you said {await ctx.ask('Which?', choices=['red', 'blue'])}"
    if dice.random() < 0.05:
        raise AgentError("it does not know", retryable=True)
    if dice.random() < 0.03:
        yield "x" * 100_000
