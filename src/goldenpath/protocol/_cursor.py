"""Where a reader stands in one log, and the names of logs."""

from __future__ import annotations

from typing import Annotated

import msgspec

Number = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class Cursor(msgspec.Struct, frozen=True):
    """The last entry of a log that a reader applied.

    Attributes:
        epoch: Which history of the log: it changes when numbers were taken back.
        incarnation: Which start of the store wrote the entry.
        number: The entry's number; 0 is before the first.
    """

    epoch: Annotated[str, msgspec.Meta(max_length=64)]
    incarnation: Annotated[str, msgspec.Meta(max_length=64)]
    number: Number


def thread_log(thread: str) -> str:
    """Return the name of a thread's log."""
    return f"thread:{thread}"


def user_log(user: str) -> str:
    """Return the name of the log of what is not about one open thread."""
    return f"user:{user}"


def thread_of(log: str) -> str | None:
    """Return the thread whose log this is, or None."""
    kind, _, name = log.partition(":")
    return name if kind == "thread" and name else None
