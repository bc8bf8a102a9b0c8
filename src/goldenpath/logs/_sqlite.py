"""The logs in SQLite: the embedded default."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from goldenpath._ids import new_id
from goldenpath.errors import OrderError, RefusedError, StorageError
from goldenpath.logs import _entries_table, _era, _runs_table, _threads_table
from goldenpath.logs._base import (
    Hints,
    LeasedRun,
    NewMessage,
    Overview,
    Owner,
    Posted,
    RunStatus,
)
from goldenpath.logs._orders import Orders
from goldenpath.protocol._cursor import Cursor, thread_log, thread_of, user_log
from goldenpath.protocol._entries import Hint, Page, encode_body
from goldenpath.protocol._events import (
    AgentCancelled,
    AgentInterrupted,
    Event,
    InputReceived,
    InputRequested,
    RunEnded,
    RunQueued,
    RunStarted,
    ThreadCreated,
    ThreadDeleted,
    ThreadRenamed,
    UserMessage,
)
from goldenpath.protocol._frames import ThreadSummary
from goldenpath.storage._sqlite import Database


class SQLiteLog:
    """All logs of one database; see :class:`goldenpath.logs.Log`.

    Args:
        database: An open database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._era = _era.Era("", "")
        self._orders = Orders()

    @property
    def incarnation(self) -> str:
        """The present start of the store."""
        return self._era.incarnation

    async def start(self) -> None:
        """Begin a new incarnation, and a new epoch if a backup was restored.

        Raises:
            StorageError: It cannot be written down.
        """
        path = self._database.path
        beside = path.with_name(path.name + ".incarnation")
        try:
            self._era = await self._database.write(
                lambda connection: _era.begin(connection, beside)
            )
            await self._database.write(
                lambda connection: _era.confirm(connection, beside)
            )
        except OSError as error:
            raise StorageError(f"cannot write {str(beside)!r}: {error}") from error

    async def post(self, message: NewMessage, *, now: float) -> Posted:
        """Append a person's message and queue a run that answers it."""
        return await self._database.write(
            lambda connection: self._post(connection, message, now)
        )

    async def retry(self, user: str, run: str, *, now: float) -> Posted:
        """Queue another run for the message of a run that did not complete."""

        def work(connection: sqlite3.Connection) -> Posted:
            asked = _runs_table.require(connection, run, user)
            _threads_table.require(connection, asked.thread, user)
            newest = _runs_table.newest_of_message(
                connection, asked.client_message_id, user
            )
            if newest.id != run and newest.state in ("queued", "running"):
                return _posted(newest, is_duplicate=True)
            _runs_table.require_retryable(newest)
            again = self._queue(
                connection,
                user=user,
                thread=asked.thread,
                client_message_id=asked.client_message_id,
                message=asked.message,
                now=now,
            )
            return _posted(
                _runs_table.require(connection, again[0], user), hints=(again[1],)
            )

        return await self._database.write(work)

    async def cancel(
        self,
        user: str,
        *,
        run: str | None = None,
        client_message_id: str | None = None,
        now: float,
    ) -> RunStatus:
        """End a queued run, or ask for the end of one under way."""

        def work(connection: sqlite3.Connection) -> RunStatus:
            if run is not None:
                found = _runs_table.require(connection, run, user)
            else:
                found = _runs_table.newest_of_message(
                    connection, client_message_id or "", user
                )
            state = found.state
            hints: Hints = ()
            if found.state == "queued":
                state = "cancelled"
                end = AgentCancelled(message=found.message)
                hints = self._append_to_run(connection, found, [end], now)
            elif found.state == "running":
                _runs_table.request_cancel(connection, found.id)
            return RunStatus(
                run=found.id,
                thread=found.thread,
                state=state,
                owner=found.owner,
                hints=hints,
            )

        return await self._database.write(work)

    async def answer(
        self, user: str, run: str, call: str, value: Any, *, now: float
    ) -> RunStatus:
        """Append a person's answer to a run's question; the first answer counts."""

        def work(connection: sqlite3.Connection) -> RunStatus:
            found = _runs_table.require(connection, run, user)
            changed = connection.execute(
                "UPDATE questions SET is_answered = 1"
                " WHERE run = ? AND call = ? AND NOT is_answered",
                (run, call),
            )
            if changed.rowcount != 1:
                raise RefusedError("conflict", f"no open question {call[:40]!r}")
            event = InputReceived(call=call, value=value)
            hints = self._append_to_run(connection, found, [event], now)
            return RunStatus(
                run=run,
                thread=found.thread,
                state=found.state,
                owner=found.owner,
                hints=hints,
            )

        return await self._database.write(work)

    async def create_thread(
        self, user: str, title: str, *, now: float
    ) -> tuple[ThreadSummary, Hints]:
        """Make a thread without messages."""

        def work(connection: sqlite3.Connection) -> tuple[ThreadSummary, Hints]:
            summary, hint = self._create(connection, user, title, now)
            return summary, (hint,)

        return await self._database.write(work)

    async def rename_thread(
        self, user: str, thread: str, title: str, *, now: float
    ) -> tuple[ThreadSummary, Hints]:
        """Give a thread another title."""

        def work(connection: sqlite3.Connection) -> tuple[ThreadSummary, Hints]:
            _threads_table.require(connection, thread, user)
            hint = self._rename(connection, user, thread, title, now)
            return _threads_table.require(connection, thread, user), (hint,)

        return await self._database.write(work)

    async def delete_thread(self, user: str, thread: str, *, now: float) -> Hints:
        """Cancel a thread's runs and remove it with its events."""

        def work(connection: sqlite3.Connection) -> Hints:
            _threads_table.require(connection, thread, user)
            events: list[Event] = []
            for run in _runs_table.open_runs(connection, thread=thread):
                _runs_table.end(connection, run.id, "cancelled")
                self._orders.forget(run.id)
                events.append(RunEnded(thread=thread, run=run.id, state="cancelled"))
            _threads_table.delete(connection, thread, thread_log(thread))
            events.append(ThreadDeleted(thread=thread))
            return (self._record(connection, user_log(user), events, now),)

        return await self._database.write(work)

    async def threads(
        self, user: str, *, before: tuple[float, str] | None, limit: int
    ) -> tuple[Sequence[ThreadSummary], bool]:
        """Return threads, the last used first, and whether there are more."""
        return await self._database.read(
            lambda connection: _threads_table.page(
                connection, user, before=before, limit=limit
            )
        )

    async def may_read(self, user: str, log: str) -> bool:
        """Tell whether a user may read a log."""
        if log == user_log(user):
            return True
        thread = thread_of(log)
        if thread is None:
            return False
        try:
            await self._database.read(
                lambda connection: _threads_table.require(connection, thread, user)
            )
        except RefusedError:
            return False
        return True

    async def read(self, log: str, cursor: Cursor, *, limit: int) -> Page:
        """Return up to about ``limit`` entries after a cursor."""
        return await self._database.read(
            lambda connection: _entries_table.read(
                connection, log, cursor, era=self._era, limit=limit
            )
        )

    async def tail(
        self, log: str, *, max_bytes: int, before: int | None = None
    ) -> Page:
        """Return the newest entries that fit, of those before a number if given."""
        return await self._database.read(
            lambda connection: _entries_table.tail(
                connection,
                log,
                era=self._era,
                max_bytes=max_bytes,
                before=before,
            )
        )

    async def overview(self, user: str, *, limit: int) -> Overview:
        """Return a user's newest threads together with their user log's head."""

        def work(connection: sqlite3.Connection) -> Overview:
            cursor = _entries_table.head_cursor(connection, user_log(user), self._era)
            threads, more = _threads_table.page(
                connection, user, before=None, limit=limit
            )
            return Overview(
                cursor=cursor,
                incarnation=self._era.incarnation,
                threads=tuple(threads),
                more=more,
            )

        return await self._database.read(work)

    async def heads(self, logs: Iterable[str]) -> Mapping[str, Cursor]:
        """Return where each log's head is."""
        names = tuple(logs)
        return await self._database.read(
            lambda connection: {
                log: _entries_table.head_cursor(connection, log, self._era)
                for log in names
            }
        )

    async def record(self, log: str, events: Sequence[Event], *, now: float) -> Hints:
        """Append events that belong to no run."""
        return (
            await self._database.write(
                lambda connection: self._record(connection, log, events, now)
            ),
        )

    async def lease(
        self, owner: Owner, *, limit: int, per_user: int | None = None, now: float
    ) -> Sequence[LeasedRun]:
        """Take queued runs, one at a time of each thread, users in turn."""

        def work(connection: sqlite3.Connection) -> Sequence[LeasedRun]:
            leased = []
            for run in _runs_table.lease(
                connection, owner, limit=limit, per_user=per_user
            ):
                event = RunStarted(thread=run.thread, run=run.run)
                hint = self._record(connection, user_log(run.user), [event], now)
                leased.append(_with_text(connection, run, hints=(hint,)))
            return leased

        return await self._database.write(work)

    async def leased(self, owner: Owner) -> Sequence[LeasedRun]:
        """Return the running runs of a process, without hints."""
        return await self._database.read(
            lambda connection: [
                _with_text(connection, run)
                for run in _runs_table.leased(connection, owner.id)
            ]
        )

    async def release(self, leased: LeasedRun, *, now: float) -> Hints:
        """Give a run back that has not begun; it is queued again."""

        def work(connection: sqlite3.Connection) -> Hints:
            _runs_table.require_token(connection, leased)
            run = _runs_table.require(connection, leased.run, leased.user)
            if self._orders.of(
                connection, run, undone=self._database.undone
            ).is_started:
                raise OrderError("a run that has begun cannot be given back")
            _runs_table.release(connection, run.id)
            event = RunQueued(thread=run.thread, run=run.id)
            return (self._record(connection, user_log(run.user), [event], now),)

        return await self._database.write(work)

    async def append(
        self, leased: LeasedRun, events: Sequence[Event], *, now: float
    ) -> Hints:
        """Append events of a run; the last may be its end."""

        def work(connection: sqlite3.Connection) -> Hints:
            _runs_table.require_token(connection, leased)
            run = _runs_table.require(connection, leased.run, leased.user)
            return self._append_to_run(connection, run, events, now)

        return await self._database.write(work)

    async def cancel_requested(self, owner: Owner) -> Sequence[str]:
        """Return the running runs of a process that were asked to stop."""
        return await self._database.read(
            lambda connection: _runs_table.cancel_requested(connection, owner.id)
        )

    async def beat(self, owner: Owner) -> None:
        """Say that a process is alive."""
        await self._database.write(
            lambda connection: _runs_table.beat(connection, owner)
        )

    async def owners(self) -> Sequence[Owner]:
        """Return the processes that have, or may have, running runs."""
        return await self._database.read(_runs_table.owners)

    async def interrupt(self, owner: str, *, now: float) -> Hints:
        """End all running runs of a process that is gone, as interrupted."""

        def work(connection: sqlite3.Connection) -> Hints:
            hints: list[Hint] = []
            for run in _runs_table.open_runs(connection, owner=owner):
                end = AgentInterrupted(message=run.message)
                hints.extend(self._append_to_run(connection, run, [end], now))
            _runs_table.forget_owner(connection, owner)
            return tuple(hints)

        return await self._database.write(work)

    def _post(
        self, connection: sqlite3.Connection, message: NewMessage, now: float
    ) -> Posted:
        known = connection.execute(
            "SELECT thread, run, number FROM idempotency"
            " WHERE user = ? AND client_message_id = ?",
            (message.user, message.client_message_id),
        ).fetchone()
        if known is not None:
            return Posted(
                thread=known[0],
                run=known[1],
                number=known[2],
                client_message_id=message.client_message_id,
                is_duplicate=True,
            )
        if message.most_queued is not None:
            _runs_table.require_few_queued(
                connection, message.user, most=message.most_queued
            )
        hints: list[Hint] = []
        if message.thread is None:
            summary, hint = self._create(connection, message.user, message.title, now)
            hints.append(hint)
        else:
            summary = _threads_table.require(connection, message.thread, message.user)
            _threads_table.touch(connection, summary.id, now=now)
            if message.title and not summary.title:
                hints.append(
                    self._rename(
                        connection, message.user, summary.id, message.title, now
                    )
                )
        said = UserMessage(
            text=message.text,
            client_message_id=message.client_message_id,
            device=message.device,
        )
        hint = self._record(connection, thread_log(summary.id), [said], now)
        run, queued = self._queue(
            connection,
            user=message.user,
            thread=summary.id,
            client_message_id=message.client_message_id,
            message=hint.last,
            now=now,
        )
        connection.execute(
            "INSERT INTO idempotency (user, client_message_id, thread, number, run)"
            " VALUES (?, ?, ?, ?, ?)",
            (message.user, message.client_message_id, summary.id, hint.last, run),
        )
        return Posted(
            thread=summary.id,
            run=run,
            number=hint.last,
            client_message_id=message.client_message_id,
            hints=(*hints, hint, queued),
        )

    def _queue(
        self,
        connection: sqlite3.Connection,
        *,
        user: str,
        thread: str,
        client_message_id: str,
        message: int,
        now: float,
    ) -> tuple[str, Hint]:
        run = new_id()
        _runs_table.queue(
            connection,
            run,
            thread=thread,
            user=user,
            client_message_id=client_message_id,
            message=message,
        )
        event = RunQueued(thread=thread, run=run)
        return run, self._record(connection, user_log(user), [event], now)

    def _create(
        self, connection: sqlite3.Connection, user: str, title: str, now: float
    ) -> tuple[ThreadSummary, Hint]:
        thread = new_id()
        summary = _threads_table.insert(connection, thread, user, title, now=now)
        event = ThreadCreated(thread=thread, title=title)
        return summary, self._record(connection, user_log(user), [event], now)

    def _rename(
        self,
        connection: sqlite3.Connection,
        user: str,
        thread: str,
        title: str,
        now: float,
    ) -> Hint:
        _threads_table.rename(connection, thread, title)
        event = ThreadRenamed(thread=thread, title=title)
        return self._record(connection, user_log(user), [event], now)

    def _record(
        self,
        connection: sqlite3.Connection,
        log: str,
        events: Sequence[Event],
        now: float,
        run: str | None = None,
    ) -> Hint:
        if not self._era.incarnation:
            raise StorageError("nothing can be written before the log was started")
        return _entries_table.append(
            connection,
            log,
            [encode_body(event, time=now, run=run) for event in events],
            era=self._era,
        )

    def _append_to_run(
        self,
        connection: sqlite3.Connection,
        run: _runs_table.Run,
        events: Sequence[Event],
        now: float,
    ) -> Hints:
        """Append events of a run, and all that its end brings if that is the last."""
        order = self._orders.of(connection, run, undone=self._database.undone)
        for event in events:
            order = order.after(event)
        hint = self._record(connection, thread_log(run.thread), events, now, run.id)
        connection.executemany(
            "INSERT INTO questions (run, call) VALUES (?, ?)",
            [(run.id, e.call) for e in events if isinstance(e, InputRequested)],
        )
        if order.end is None:
            self._orders.remember(run.id, order, seen=hint.last)
            return (hint,)
        self._orders.forget(run.id)
        _runs_table.end(connection, run.id, order.end)
        _threads_table.touch(connection, run.thread, now=now)
        ended = RunEnded(thread=run.thread, run=run.id, state=order.end)
        return (hint, self._record(connection, user_log(run.user), [ended], now))


def _with_text(
    connection: sqlite3.Connection, run: LeasedRun, *, hints: Hints = ()
) -> LeasedRun:
    """Return a run with the text of the message that it answers."""
    entry = _entries_table.entry_at(connection, thread_log(run.thread), run.message)
    said = None if entry is None else entry.event
    text = said.text if isinstance(said, UserMessage) else ""
    return dataclasses.replace(run, text=text, hints=hints)


def _posted(
    run: _runs_table.Run, *, is_duplicate: bool = False, hints: Hints = ()
) -> Posted:
    return Posted(
        thread=run.thread,
        run=run.id,
        number=run.message,
        client_message_id=run.client_message_id,
        is_duplicate=is_duplicate,
        hints=hints,
    )
