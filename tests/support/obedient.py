"""An agent that does what its message says, for servers in processes of their own.

``flood 2000 1024`` says so many pieces of so many characters, ``ask`` asks and says the
answer, ``wait NAME`` waits for a file of that name in the folder that the environment
variable GATES names and notes down its turn there, ``fail TEXT`` fails; all else is
said back.
"""

import asyncio
import os
from pathlib import Path


async def agent(message, ctx):
    verb, _, rest = message.partition(" ")
    if verb == "flood":
        pieces, size = map(int, rest.split())
        for number in range(pieces):
            yield f"{number:08}".ljust(size, "x")
    elif verb == "ask":
        answer = await ctx.ask("May I?", choices=("yes", "no"))
        yield f"heard {answer!r}"
    elif verb == "wait":
        gates = Path(os.environ["GATES"])
        while not (gates / rest).exists():  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.01)
        with (gates / "turns").open("a") as turns:
            turns.write(f"{ctx.user.name}\n")
        yield "passed"
    elif verb == "fail":
        raise RuntimeError(rest)
    else:
        yield message
