"""When a request is cut because of its age or its silence. No clock is read here."""

from __future__ import annotations

import dataclasses

from emulator._faults import NEVER
from emulator._settings import Platform


@dataclasses.dataclass(frozen=True, slots=True)
class Deadline:
    """A moment, and what ends then.

    Attributes:
        at: On the same clock as what it was computed from.
        why: ``timeout``, ``balancer`` or ``idle``.
    """

    at: float
    why: str


def deadline(
    platform: Platform, *, opened_at: float, heard_up: float, heard_down: float
) -> Deadline:
    """Return what would cut a request first, if nothing more is heard.

    Args:
        platform: Has the limits.
        opened_at: When the request began.
        heard_up: When the client was last heard.
        heard_down: When the instance was last heard.
    """
    quiet_since = (
        min(heard_up, heard_down)
        if platform.idle_counts == "each"
        else max(heard_up, heard_down)
    )
    limits = (
        ("timeout", opened_at, platform.request_timeout),
        ("balancer", opened_at, platform.balancer_timeout),
        ("idle", quiet_since, platform.idle_after),
    )
    deadlines = [
        Deadline(since + limit * platform.scale, why)
        for why, since, limit in limits
        if limit is not None
    ]
    return min(deadlines, key=lambda each: each.at, default=Deadline(NEVER, ""))
