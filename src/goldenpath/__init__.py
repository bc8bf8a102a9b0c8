"""One WebSocket manager that makes an AI chat product's golden path hold.

Names are imported when they are asked for: the guard is a tool of its own, and must not
load the runtime before it says its first word.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goldenpath._manager import WebSocketManager
    from goldenpath._settings import Settings
    from goldenpath.agents._base import Agent, RunContext
    from goldenpath.protocol._events import Event

__all__ = ["Agent", "Event", "RunContext", "Settings", "WebSocketManager"]

_HOMES = {
    "Agent": "goldenpath.agents._base",
    "Event": "goldenpath.protocol._events",
    "RunContext": "goldenpath.agents._base",
    "Settings": "goldenpath._settings",
    "WebSocketManager": "goldenpath._manager",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
