"""Text that grows at a pace a person can follow."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable

Sleep = Callable[[float], Awaitable[object]]


async def speak(text: str, pace: float, sleep: Sleep) -> AsyncIterator[str]:
    """Yield a text word by word; together the pieces are the text.

    Args:
        text: What to say.
        pace: Seconds between two words; 0 means no pause.
        sleep: What waits, such as ``asyncio.sleep``.
    """
    for number, word in enumerate(re.findall(r"\s*\S+\s*$|\s*\S+", text)):
        if number and pace > 0:
            await sleep(pace)
        yield word
