"""An agent of one's own: it thinks, runs tools, asks, and can be stopped.

Run it from the repository::

    goldenpath serve --agent examples.own_agent:agent

and order something, such as "two coffees and a tea".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

from goldenpath import Event, RunContext
from goldenpath.errors import AgentError

PRICES = {"coffee": 280, "tea": 240, "cake": 350}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}

ITEM = re.compile(rf"\b({'|'.join(NUMBERS)}|\d+) ({'|'.join(PRICES)})s?\b")

# What was ordered, by run: asking twice in one run must not order twice.
ORDERS: dict[str, dict[str, int]] = {}


async def agent(message: str, ctx: RunContext) -> AsyncIterator[str | Event]:
    """Take an order, say what it costs, and place it if the person agrees."""
    await ctx.think("Looking for things that we sell. ")
    wanted = find_order(message)
    if not wanted:
        raise AgentError(f"We sell {', '.join(PRICES)}; order some of these")

    async with ctx.tool("look_up_prices", {"items": list(wanted)}) as call:
        prices = {}
        for done, item in enumerate(wanted, start=1):
            await asyncio.sleep(0.05)  # a real one would ask a database
            prices[item] = PRICES[item]
            await call.progress(done / len(wanted), text=item)
        call.result = prices

    total = sum(prices[item] * count for item, count in wanted.items()) / 100
    listed = ", ".join(f"{count} {item}" for item, count in wanted.items())
    yield f"That is {listed}, **{total:.2f}** together.\n\n"

    answer = await ctx.ask("Shall I order it?", choices=("Yes", "No"))
    if answer != "Yes":
        yield "Nothing was ordered."
        return
    async with ctx.tool("place_order", wanted) as call:
        ORDERS.setdefault(ctx.message_key, wanted)
        call.result = {"order": ctx.message_key}
    yield "It is on its way."


def find_order(message: str) -> dict[str, int]:
    """Return how many of what somebody asks for."""
    wanted: dict[str, int] = {}
    for number, item in ITEM.findall(message.lower()):
        count = NUMBERS.get(number) or int(number)
        wanted[item] = wanted.get(item, 0) + count
    return wanted
