"""Threads in SQLite: whose they are, and what they are called."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from goldenpath.errors import RefusedError
from goldenpath.protocol._frames import ThreadSummary

_COLUMNS = (
    "threads.id, title, created_at, updated_at, EXISTS (SELECT 1"
    " FROM runs INDEXED BY runs_open"
    " WHERE runs.thread = threads.id AND state IN ('queued', 'running'))"
)


def insert(
    connection: sqlite3.Connection, thread: str, owner: str, title: str, *, now: float
) -> ThreadSummary:
    """Make a thread."""
    connection.execute(
        "INSERT INTO threads (id, owner, title, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (thread, owner, title, now, now),
    )
    return ThreadSummary(id=thread, title=title, created_at=now, updated_at=now)


def require(connection: sqlite3.Connection, thread: str, user: str) -> ThreadSummary:
    """Return a thread of a user.

    Raises:
        RefusedError: ``not_found``; also for somebody else's, in the same words.
    """
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM threads WHERE id = ? AND owner = ?"  # noqa: S608
        " AND NOT is_deleted",
        (thread, user),
    ).fetchone()
    if row is None:
        raise RefusedError("not_found", f"no thread {thread[:40]!r}")
    return _summary(row)


def page(
    connection: sqlite3.Connection,
    user: str,
    *,
    before: tuple[float, str] | None,
    limit: int,
) -> tuple[Sequence[ThreadSummary], bool]:
    """Return threads, the last used first, and whether there are more."""
    updated_at, thread = before if before is not None else (1e18, "")
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM threads WHERE owner = ?"  # noqa: S608
        " AND is_deleted = 0 AND (updated_at, id) < (?, ?)"
        " ORDER BY updated_at DESC, id DESC LIMIT ?",
        (user, updated_at, thread, limit + 1),
    ).fetchall()
    return [_summary(row) for row in rows[:limit]], len(rows) > limit


def rename(connection: sqlite3.Connection, thread: str, title: str) -> None:
    """Give a thread another title."""
    connection.execute("UPDATE threads SET title = ? WHERE id = ?", (title, thread))


def touch(connection: sqlite3.Connection, thread: str, *, now: float) -> None:
    """Note that a thread was used."""
    connection.execute("UPDATE threads SET updated_at = ? WHERE id = ?", (now, thread))


def delete(connection: sqlite3.Connection, thread: str, log: str) -> None:
    """Remove a thread's title and events; its id stays taken."""
    connection.execute(
        "UPDATE threads SET is_deleted = 1, title = '' WHERE id = ?", (thread,)
    )
    connection.execute("DELETE FROM entries WHERE log = ?", (log,))
    connection.execute("DELETE FROM logs WHERE log = ?", (log,))


def _summary(row: tuple[str, str, float, float, int]) -> ThreadSummary:
    return ThreadSummary(
        id=row[0],
        title=row[1],
        created_at=row[2],
        updated_at=row[3],
        is_running=bool(row[4]),
    )
