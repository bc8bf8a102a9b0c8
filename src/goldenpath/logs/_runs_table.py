"""Runs in SQLite: their states, leases and fencing tokens."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence

from goldenpath.errors import FencedError, RefusedError
from goldenpath.logs._base import LeasedRun, Owner


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """A row of the table."""

    id: str
    thread: str
    user: str
    client_message_id: str
    message: int
    place: int
    state: str
    owner: str
    token: int


_COLUMNS = "id, thread, user, client_message_id, message, place, state, owner, token"
_RETRYABLE = ("failed", "cancelled", "interrupted")
# Users take turns among so many of the oldest queued runs. More than anybody may
# have in the queue, and few enough to sort each time.
_CONSIDERED = 1000
# Seconds; a run takes about as long.
_TRY_AGAIN_AFTER = 10.0


def queue(
    connection: sqlite3.Connection,
    run: str,
    *,
    thread: str,
    user: str,
    client_message_id: str,
    message: int,
) -> None:
    """Put a run behind all others."""
    connection.execute(
        "INSERT INTO runs (id, thread, user, client_message_id, message, place, state)"
        " SELECT ?, ?, ?, ?, ?, coalesce(max(place), 0) + 1, 'queued' FROM runs",
        (run, thread, user, client_message_id, message),
    )


def require(connection: sqlite3.Connection, run: str, user: str) -> Run:
    """Return a run of a user.

    Raises:
        RefusedError: ``not_found``; also for somebody else's.
    """
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM runs WHERE id = ? AND user = ?",  # noqa: S608
        (run, user),
    ).fetchone()
    if row is None:
        raise RefusedError("not_found", f"no run {run[:40]!r}")
    return Run(*row)


def newest_of_message(
    connection: sqlite3.Connection, client_message_id: str, user: str
) -> Run:
    """Return the last run that was queued for a message.

    Raises:
        RefusedError: ``not_found``, retryable: the message may be on its way.
    """
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM runs"  # noqa: S608
        " WHERE thread = (SELECT thread FROM idempotency"
        "   WHERE user = ?1 AND client_message_id = ?2)"
        " AND user = ?1 AND client_message_id = ?2 ORDER BY place DESC LIMIT 1",
        (user, client_message_id),
    ).fetchone()
    if row is None:
        raise RefusedError(
            "not_found", f"no message {client_message_id[:40]!r}", retryable=True
        )
    return Run(*row)


def require_retryable(run: Run) -> None:
    """Refuse unless a run can be run again.

    Raises:
        RefusedError: ``conflict``: it completed, or has not ended.
    """
    if run.state not in _RETRYABLE:
        raise RefusedError("conflict", f"the run is {run.state}")


def require_few_queued(connection: sqlite3.Connection, user: str, *, most: int) -> None:
    """Refuse if a user has as many queued runs as they may have.

    Raises:
        RefusedError: ``rate_limited``.
    """
    (queued,) = connection.execute(
        "SELECT count(*) FROM runs INDEXED BY runs_open_by_user"
        " WHERE user = ? AND state IN ('queued', 'running') AND state = 'queued'",
        (user,),
    ).fetchone()
    if queued >= most:
        raise RefusedError(
            "rate_limited",
            f"{queued} messages wait for an answer already",
            retryable=True,
            retry_after=_TRY_AGAIN_AFTER,
        )


def lease(
    connection: sqlite3.Connection,
    owner: Owner,
    *,
    limit: int,
    per_user: int | None,
) -> Sequence[LeasedRun]:
    """Take queued runs, one at a time of each thread, users in turn."""
    rows = connection.execute(
        "SELECT id, thread, user, token + 1, message FROM ("
        " SELECT *, row_number() OVER (PARTITION BY user ORDER BY place)"
        "   + (SELECT count(*) FROM runs AS other INDEXED BY runs_open_by_user"
        "      WHERE other.user = mine.user AND other.state IN ('queued', 'running')"
        "        AND other.state = 'running') AS turn"
        " FROM (SELECT * FROM runs INDEXED BY runs_queued WHERE state = 'queued'"
        "   ORDER BY place LIMIT ?) AS mine"
        " WHERE NOT EXISTS (SELECT 1"
        "   FROM runs AS earlier INDEXED BY runs_open"
        "   WHERE earlier.thread = mine.thread"
        "     AND earlier.state IN ('queued', 'running')"
        "     AND (earlier.state = 'running' OR earlier.place < mine.place)))"
        " WHERE ? IS NULL OR turn <= ?"
        " ORDER BY turn, place LIMIT ?",
        (_CONSIDERED, per_user, per_user, limit),
    ).fetchall()
    leased = [
        LeasedRun(run=row[0], thread=row[1], user=row[2], token=row[3], message=row[4])
        for row in rows
    ]
    connection.executemany(
        "UPDATE runs SET state = 'running', owner = ?, token = ? WHERE id = ?",
        [(owner.id, run.token, run.run) for run in leased],
    )
    return leased


def leased(connection: sqlite3.Connection, owner: str) -> Sequence[LeasedRun]:
    """Return the running runs of an owner, with their tokens."""
    return [
        LeasedRun(
            run=run.id,
            thread=run.thread,
            user=run.user,
            token=run.token,
            message=run.message,
        )
        for run in open_runs(connection, owner=owner)
    ]


def require_token(connection: sqlite3.Connection, leased: LeasedRun) -> None:
    """Refuse unless the caller may still write to the run.

    Raises:
        FencedError: The run ended, or is somebody else's by now.
    """
    row = connection.execute(
        "SELECT state, token FROM runs WHERE id = ?", (leased.run,)
    ).fetchone()
    if row is None or row[0] != "running" or row[1] != leased.token:
        raise FencedError(
            f"run {leased.run!r} is no longer written with token {leased.token}"
        )


def release(connection: sqlite3.Connection, run: str) -> None:
    """Put a running run back into the queue, where it was."""
    connection.execute(
        "UPDATE runs SET state = 'queued', owner = '', token = token + 1 WHERE id = ?",
        (run,),
    )


def end(connection: sqlite3.Connection, run: str, state: str) -> None:
    """Set the one state in which a run ends, and fence its owner off."""
    connection.execute(
        "UPDATE runs SET state = ?, token = token + 1 WHERE id = ?", (state, run)
    )
    connection.execute("DELETE FROM questions WHERE run = ?", (run,))


def request_cancel(connection: sqlite3.Connection, run: str) -> None:
    """Leave word for the owner that the run should stop."""
    connection.execute("UPDATE runs SET cancel_requested = 1 WHERE id = ?", (run,))


def cancel_requested(connection: sqlite3.Connection, owner: str) -> Sequence[str]:
    """Return the running runs of an owner that were asked to stop."""
    rows = connection.execute(
        "SELECT id FROM runs INDEXED BY runs_one_at_a_time"
        " WHERE state = 'running' AND owner = ? AND cancel_requested",
        (owner,),
    )
    return [row[0] for row in rows]


def open_runs(
    connection: sqlite3.Connection,
    *,
    thread: str | None = None,
    owner: str | None = None,
) -> Sequence[Run]:
    """Return runs that have not ended: a thread's, or the ones an owner executes."""
    if thread is not None:
        index, argument = "runs_open", thread
        condition = "thread = ? AND state IN ('queued', 'running')"
    else:
        index, argument = "runs_one_at_a_time", owner or ""
        condition = "state = 'running' AND owner = ?"
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM runs INDEXED BY {index}"  # noqa: S608
        f" WHERE {condition} ORDER BY place",
        (argument,),
    )
    return [Run(*row) for row in rows]


def beat(connection: sqlite3.Connection, owner: Owner) -> None:
    """Count one more sign of life of a process."""
    connection.execute(
        "INSERT INTO owners (id, boot, pid, started, beats) VALUES (?, ?, ?, ?, 1)"
        " ON CONFLICT (id) DO UPDATE SET beats = beats + 1",
        (owner.id, owner.boot, owner.pid, owner.started),
    )


def owners(connection: sqlite3.Connection) -> Sequence[Owner]:
    """Return all processes, also those that never said that they are alive."""
    rows = connection.execute(
        "SELECT id, boot, pid, started, beats FROM owners UNION"
        " SELECT owner, '', 0, '', 0 FROM runs INDEXED BY runs_one_at_a_time"
        "   WHERE state = 'running' AND owner NOT IN (SELECT id FROM owners)"
    )
    return [
        Owner(id=row[0], boot=row[1], pid=row[2], started=row[3], beats=row[4])
        for row in rows
    ]


def forget_owner(connection: sqlite3.Connection, owner: str) -> None:
    """Forget a process that is gone."""
    connection.execute("DELETE FROM owners WHERE id = ?", (owner,))
