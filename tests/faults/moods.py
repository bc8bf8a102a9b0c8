"""An agent that does what it is told: `goldenpath serve --agent moods:agent`.

=====================  ===============================================================
``count 30 0.02``      says ``1 2 3 …`` with so many seconds between the words
``hold PATH``          says ``before``, waits until a file is there, says ``after``,
                       and makes a file with its process's number behind the name
``hush PATH``          the same without the first word
``deaf PATH``          as ``hold``, and does not listen when it is told to stop
``eat``                takes memory until there is none
``fill 100 1000``      says so many words of so many letters, as fast as it can
=====================  ===============================================================
"""

import asyncio
import contextlib
import os
from pathlib import Path


async def _wait_there(path):
    while not Path(path).exists():  # noqa: ASYNC110, ASYNC240 - a test makes it
        await asyncio.sleep(0.01)


def _said_last(path):
    Path(f"{path}.{os.getpid()}").touch()


def counted(message):
    """Return the whole answer to ``count``."""
    return "".join(f"{number} " for number in range(1, int(message.split()[1]) + 1))


async def agent(message, ctx):
    match message.split():
        case ["count", _, pause]:
            for word in counted(message).split():
                yield word + " "
                await asyncio.sleep(float(pause))
        case ["hold", path]:
            yield "before "
            await _wait_there(path)
            yield "after"
            _said_last(path)
        case ["hush", path]:
            await _wait_there(path)
            yield "after"
        case ["deaf", path]:
            yield "before "
            while not Path(path).exists():  # noqa: ASYNC240 - a test makes it
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.01)
        case ["eat"]:
            yield "hungry "
            eaten = []
            while True:
                eaten.append(b"\1" * (16 * 1024 * 1024))
                await asyncio.sleep(0)
        case ["fill", count, letters]:
            for number in range(int(count)):
                yield str(number % 10) * int(letters) + " "
                await asyncio.sleep(0)
        case _:
            yield message
