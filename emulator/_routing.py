"""Which instance takes a request, and whether another one is needed."""

from __future__ import annotations

import random
from collections.abc import Mapping

from emulator._settings import Platform


def choose(
    open_requests: Mapping[int, int],
    platform: Platform,
    dice: random.Random,
    *,
    cookie: str | None,
) -> int | None:
    """Return the number of an instance, or None if no one has room.

    Args:
        open_requests: Of each instance that may take requests, by its number.
        platform: Has the limits.
        dice: Draws one.
        cookie: What the client's affinity cookie says.
    """
    free = sorted(
        number
        for number, count in open_requests.items()
        if count < platform.concurrency
    )
    if not free:
        return None
    preferred = next((number for number in free if str(number) == cookie), None)
    # Drawn whether it is needed or not: a cookie must not shift the other draws.
    is_honoured = dice.random() < (platform.affinity or 0.0)
    drawn = dice.choice(free)
    return preferred if preferred is not None and is_honoured else drawn


def needs_another(
    open_requests: Mapping[int, int],
    platform: Platform,
    *,
    starting: int,
    waiting: int,
) -> bool:
    """Tell whether to start an instance for the requests that wait.

    Args:
        open_requests: Of each instance that may take requests, by its number.
        platform: Has the limits.
        starting: How many instances are on their way.
        waiting: How many requests have found no instance.
    """
    if len(open_requests) + starting >= platform.max_instances:
        return False
    return waiting > starting * platform.concurrency
