"""What the tests of a log are made of: a store, and a few things people do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from goldenpath.logs._base import LeasedRun, Log, NewMessage, Owner, Posted
from goldenpath.protocol._cursor import Cursor, user_log
from goldenpath.protocol._entries import Entry
from goldenpath.protocol._events import (
    AgentCompleted,
    AgentStarted,
    Event,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
)

NOW = 1_700_000_000.0
ADA, BOB = "ada", "bob"
OWNER = Owner(id="owner-1", boot="boot", pid=1, started="1")
OTHER_OWNER = Owner(id="owner-2", boot="boot", pid=2, started="2")

STARTED = AgentStarted(agent="tester", message=1)
COMPLETED = AgentCompleted(length=0, duration=0.0)
EXECUTING = ToolExecuting(call="c", name="tool")
EXECUTED = ToolCompleted(call="c", duration=0.0)


class LogStore(Protocol):
    """Where logs are kept, as the tests treat it."""

    async def start(self) -> Log:
        """Return a started log over what is stored."""

    async def stop(self) -> None:
        """Let go of it, as at the end of a process; also when it is stopped."""

    async def back_up(self) -> None:
        """Copy all that is stored; the newest copy counts."""

    async def restore(self) -> None:
        """Put the copy in the place of what is stored, while stopped."""


def delta(text: str, offset: int = 0) -> TextDelta:
    """Return a piece of an answer."""
    return TextDelta(text=text, offset=offset)


async def say(
    log: Log,
    name: str,
    *,
    user: str = ADA,
    thread: str | None = None,
    most_queued: int | None = None,
    now: float = NOW,
) -> Posted:
    """Send a message with a name."""
    return await log.post(
        NewMessage(
            user=user,
            client_message_id=name,
            text=f"text of {name}",
            thread=thread,
            title=f"title of {name}",
            most_queued=most_queued,
        ),
        now=now,
    )


async def lease(log: Log, owner: Owner = OWNER) -> LeasedRun:
    """Take the run that is next."""
    leased = await log.lease(owner, limit=1, now=NOW)

    assert len(leased) == 1
    return leased[0]


async def begin(
    log: Log,
    name: str = "m",
    *,
    user: str = ADA,
    thread: str | None = None,
    owner: Owner = OWNER,
) -> LeasedRun:
    """Send a message, take its run and write that it began."""
    await say(log, name, user=user, thread=thread)
    run = await lease(log, owner)
    await log.append(run, [STARTED], now=NOW)
    return run


async def everything(
    log: Log, name: str, cursor: Cursor | None = None, *, limit: int = 1000
) -> list[Entry]:
    """Read a log to its head, page by page."""
    cursor = cursor or await beginning(log)
    entries: list[Entry] = []
    while True:
        page = await log.read(name, cursor, limit=limit)

        assert page.is_valid
        entries.extend(page.entries)
        cursor = entries[-1].cursor if entries else cursor
        if cursor.number >= page.head:
            return entries
        assert page.entries, "an empty page before the head"


async def beginning(log: Log) -> Cursor:
    """Return the cursor of a reader that has seen nothing."""
    heads = await log.heads([user_log(ADA)])
    return Cursor(heads[user_log(ADA)].epoch, "", 0)


async def news(log: Log, user: str = ADA) -> list[Event]:
    """Return what a user's own log says."""
    return [entry.event for entry in await everything(log, user_log(user))]


def types(entries: Iterable[Entry]) -> list[str]:
    """Return what kinds of events they are."""
    return [entry.type for entry in entries]


def are_contiguous(entries: Sequence[Entry]) -> bool:
    """Tell whether entries are numbered 1, 2, 3 and so on."""
    ends = [0, *(entry.number for entry in entries)]
    return [entry.first for entry in entries] == [end + 1 for end in ends[:-1]]
