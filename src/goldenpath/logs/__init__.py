"""The logs: ordered, append-only, the truth."""

from goldenpath.logs._base import (
    LeasedRun,
    Log,
    NewMessage,
    Overview,
    Owner,
    Posted,
    RunStatus,
)
from goldenpath.logs._sqlite import SQLiteLog

__all__ = [
    "LeasedRun",
    "Log",
    "NewMessage",
    "Overview",
    "Owner",
    "Posted",
    "RunStatus",
    "SQLiteLog",
]
