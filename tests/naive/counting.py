"""An agent whose whole answer is known beforehand: it counts.

``count to 30 every 0.02`` says ``1 2 3 …``; ``padded 1000`` makes each word longer.
"""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator

_QUESTION = re.compile(r"count to (\d+)(?: every ([\d.]+))?(?: padded (\d+))?")

# "Loading the model": what makes a start slow.
time.sleep(float(os.environ.get("START_TAKES", "0")))


def words(question: str) -> list[str]:
    """Return what the answer consists of."""
    found = _QUESTION.match(question)
    assert found is not None, question
    padding = "." * int(found[3] or 0)
    return [f"{number}{padding} " for number in range(1, int(found[1]) + 1)]


def pause(question: str) -> float:
    """Return the seconds between two words."""
    found = _QUESTION.match(question)
    assert found is not None, question
    return float(found[2] or 0.0)


def whole(question: str) -> str:
    """Return the whole answer."""
    return "".join(words(question))


async def agent(message: str, _context: object) -> AsyncIterator[str]:
    """Count, as an agent of goldenpath."""
    for word in words(message):
        yield word
        await asyncio.sleep(pause(message))
