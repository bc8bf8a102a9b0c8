"""An agent for faults of the steady state: `--agent tests.faults.agents:agent`.

=====================  ===============================================================
``block 2``            stops the whole process for so long, as a bad library does
``crowd 50 20``        so many tasks show so many thoughts and tool calls at once
=====================  ===============================================================

All else is for :mod:`tests.faults.moods`.
"""

import asyncio
import time

from tests.faults import moods


async def agent(message, ctx):
    match message.split():
        case ["block", seconds]:
            async with ctx.tool("block"):
                time.sleep(float(seconds))  # noqa: ASYNC251 - it is what is tried
            yield "after"
        case ["crowd", tasks, times]:
            async with asyncio.TaskGroup() as group:
                for number in range(int(tasks)):
                    group.create_task(_bustle(ctx, number, int(times)))
            yield "done"
        case _:
            async for piece in moods.agent(message, ctx):
                yield piece


async def _bustle(ctx, number, times):
    for time_ in range(times):
        async with ctx.tool(f"tool{number}", {"time": time_}) as call:
            await ctx.think(f"{number}.{time_} ")
            await asyncio.sleep(0)
            call.result = time_
