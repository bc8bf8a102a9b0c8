"""An SQLite file with one writer thread.

Everything that waits while a commit is under way goes into the next one: a
thousand callers cost one ``fsync``. Each runs in a savepoint of its own, so that
each succeeds or is refused alone.

What is promised: when :meth:`Database.write` returns, the change is on disk, and a
kill at any instant leaves either all of it or nothing. Reads see all commits that
had returned when they were asked for.

Other processes may open the same file; they wait for one another for a few
seconds. ``on_foreign_commit`` is called when one of them has changed something.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from goldenpath.errors import StorageError
from goldenpath.storage._schema import MIGRATIONS

Result = TypeVar("Result")

# A commit that carries more than this would make the first ones wait for the last.
_JOBS_PER_COMMIT = 512
# Of writes, and of reads. Callers wait for their result, so that this is reached
# only by a flood.
_JOBS_WAITING = 20_000
_BUSY_TIMEOUT_MS = 5_000
_BUSY_PAUSE = 0.01
_READERS = 2
# What is wrong with one job says nothing about the others; the rest of
# sqlite3.Error (disk full, locked, corrupt) is about the database.
_CALLERS_FAULT = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
)
# Of messages, titles and password hashes: nobody else's to read.
_OWNER_ONLY = 0o600


@dataclasses.dataclass(slots=True, eq=False)
class Job:
    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def fail(self, message: str, cause: sqlite3.Error) -> None:
        """Note that the database did not do it."""
        self.result = None
        self.error = StorageError(message)
        self.error.__cause__ = cause

    def settle(self) -> None:
        """Hand the outcome to whoever waits for it, if anybody still does."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Database:
    """One SQLite file.

    Args:
        path: The file; it and its folder are made if missing.
        foreign_check_every: Seconds between two looks for other processes' commits.
        on_foreign_commit: Called on the event loop when there was one.

    Attributes:
        undone: How often something that was written within a transaction was taken
            back. It grows on the writer's thread before anything else is written:
            what ``work`` remembered from before may no longer be so.
    """

    def __init__(
        self,
        path: Path,
        *,
        foreign_check_every: float = 0.25,
        on_foreign_commit: Callable[[], None] | None = None,
    ) -> None:
        self.path = path
        self.on_foreign_commit = on_foreign_commit
        self.undone = 0
        self._foreign_check_every = foreign_check_every
        self._jobs: queue.Queue[Job | None] = queue.Queue(_JOBS_WAITING)
        self._writer: threading.Thread | None = None
        self._readers: concurrent.futures.ThreadPoolExecutor | None = None
        self._reading = threading.local()
        self._reader_connections: list[sqlite3.Connection] = []
        self._reads = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._data_version = 0

    async def open(self) -> None:
        """Open the file and bring its schema up to date.

        Raises:
            StorageError: It cannot be opened, or is newer than this program.
        """
        self._loop = asyncio.get_running_loop()
        connection = await asyncio.to_thread(self._prepare)
        self._readers = concurrent.futures.ThreadPoolExecutor(
            _READERS, thread_name_prefix="goldenpath-reader"
        )
        self._writer = threading.Thread(
            target=self._write_for_ever,
            args=(connection,),
            name="goldenpath-writer",
            daemon=True,
        )
        self._writer.start()

    async def close(self) -> None:
        """Commit what waits, then close the file."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            self._jobs.put(None)
            await asyncio.to_thread(writer.join)
        if self._readers is not None:
            readers, self._readers = self._readers, None
            await asyncio.to_thread(self._close_readers, readers)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``work`` in a transaction and return when it is on disk.

        An exception from ``work`` undoes its changes and reaches the caller.

        Raises:
            StorageError: The database cannot do it now; nothing was changed.
        """
        if self._writer is None or self._loop is None:
            raise StorageError(f"the database {str(self.path)!r} is not open")
        job = Job(work, self._loop.create_future())
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise StorageError(
                f"{_JOBS_WAITING} changes wait for the database already"
            ) from None
        result: Result = await job.future
        return result

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``work`` on a connection that cannot write.

        Raises:
            StorageError: The database cannot be read now.
        """
        if self._readers is None or self._loop is None:
            raise StorageError(f"the database {str(self.path)!r} is not open")
        # Their executor would keep any number.
        if self._reads >= _JOBS_WAITING:
            raise StorageError(f"{_JOBS_WAITING} reads wait for the database already")
        self._reads += 1
        try:
            return await self._loop.run_in_executor(self._readers, self._read, work)
        finally:
            self._reads -= 1

    async def back_up(self, target: Path) -> None:
        """Copy the database to a new file while it is in use.

        Whoever starts on the copy begins another history: what was written after
        it was made is not in it, and numbers will mean something else.

        Raises:
            StorageError: The target exists, or cannot be written.
        """
        # The name appears only when the copy is whole.
        partial = target.with_name(target.name + ".partial")

        def copy(source: sqlite3.Connection) -> None:
            if target.exists():
                raise StorageError(
                    f"{str(target)!r} exists already; choose another name"
                )
            partial.unlink(missing_ok=True)
            partial.touch(_OWNER_ONLY)
            with contextlib.closing(sqlite3.connect(partial)) as destination:
                source.backup(destination)
                # Also a copy of this very start is one that no start knows.
                with destination:
                    destination.execute("DELETE FROM meta WHERE key = 'incarnation'")
            partial.rename(target)

        def copy_or_explain(source: sqlite3.Connection) -> None:
            try:
                copy(source)
            except (sqlite3.Error, OSError) as error:
                with contextlib.suppress(OSError):
                    partial.unlink(missing_ok=True)
                raise StorageError(
                    f"cannot copy the database to {str(target)!r}: {error}"
                ) from error

        await self.read(copy_or_explain)

    def _prepare(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Only if it is new: closing a file drops all locks that this process
            # has on it.
            with contextlib.suppress(FileExistsError):
                flags = os.O_CREAT | os.O_EXCL
                os.close(os.open(self.path, flags, _OWNER_ONLY))
            if not os.access(self.path, os.W_OK):
                # SQLite would open it all the same, and then never write to it, also
                # when others can again.
                raise StorageError(f"the database {str(self.path)!r} is read-only")
            connection = self._connect()
            try:
                _require_wal(connection, self.path)
                connection.execute("PRAGMA synchronous = FULL")
                migrate(connection, self.path)
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"cannot open the database {str(self.path)!r}: {error}"
            ) from error
        self._data_version = _data_version(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=_BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        connection: sqlite3.Connection | None = getattr(
            self._reading, "connection", None
        )
        try:
            if connection is None:
                connection = self._connect()
                connection.execute("PRAGMA query_only = ON")
                self._reading.connection = connection
                self._reader_connections.append(connection)
            # One snapshot for all that `work` asks.
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StorageError(f"the database cannot be read: {error}") from error

    def _close_readers(self, readers: concurrent.futures.Executor) -> None:
        readers.shutdown()
        for connection in self._reader_connections:
            connection.close()
        self._reader_connections.clear()

    def _write_for_ever(self, connection: sqlite3.Connection) -> None:
        checked_at = time.monotonic()
        is_closing = False
        while not is_closing:
            jobs: list[Job] = []
            try:
                job = self._jobs.get(timeout=self._foreign_check_every)
                while True:
                    if job is None:
                        is_closing = True
                        break
                    jobs.append(job)
                    if len(jobs) >= _JOBS_PER_COMMIT:
                        break
                    job = self._jobs.get_nowait()
            except queue.Empty:
                pass
            if jobs:
                self._commit(connection, jobs)
                self._call(_settle, jobs)
            if time.monotonic() - checked_at >= self._foreign_check_every:
                self._look_for_foreign_commits(connection)
                checked_at = time.monotonic()
        connection.close()

    def _commit(self, connection: sqlite3.Connection, jobs: list[Job]) -> None:
        """Do all jobs in one transaction."""
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._do(connection, job)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            # SQLite itself may have done so already. And the writer lives: if this
            # fails as well, the next commit comes here again.
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            self.undone += 1
            # Also those that were refused: perhaps for what has just been undone.
            for job in jobs:
                job.fail(f"the database cannot be written: {error}", error)

    def _do(self, connection: sqlite3.Connection, job: Job) -> None:
        """Do one job in a savepoint of its own."""
        connection.execute("SAVEPOINT job")
        changes = connection.total_changes
        try:
            job.result = job.work(connection)
        except sqlite3.Error as error:
            if not _is_callers_fault(error):
                raise
            job.fail(f"the database refuses it: {error}", error)
        # Whoever asked gets the exception, whatever it is; the writer lives.
        except BaseException as error:  # noqa: BLE001
            job.error = error
        if job.error is not None:
            connection.execute("ROLLBACK TO job")
            self.undone += connection.total_changes != changes
        connection.execute("RELEASE job")

    def _look_for_foreign_commits(self, connection: sqlite3.Connection) -> None:
        try:
            version = _data_version(connection)
        except sqlite3.Error:
            return  # the next write says what is wrong
        if version != self._data_version:
            self._data_version = version
            if self.on_foreign_commit is not None:
                self._call(self.on_foreign_commit)

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        assert self._loop is not None
        # A closed loop: nobody waits any more.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _is_callers_fault(error: sqlite3.Error) -> bool:
    # An OperationalError is about the database, but for SQL that makes no sense.
    return isinstance(error, _CALLERS_FAULT) or (
        getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    )


def _require_wal(connection: sqlite3.Connection, path: Path) -> None:
    # SQLite answers with the mode that it kept where it cannot change it.
    mode = _write_ahead(connection)
    if mode != "wal":
        raise StorageError(
            f"{str(path)!r} cannot have a write-ahead log, its journal mode is "
            f"{mode!r}; put it on a local disk"
        )


def _write_ahead(connection: sqlite3.Connection) -> str:
    # Of processes that change the mode of a new file at once SQLite refuses some
    # without the wait that its timeout stands for: each holds what another one waits
    # for.
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() >= deadline:
                raise
            time.sleep(_BUSY_PAUSE)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that this file has not taken yet, all or none."""
    # Without a transaction first: most files are up to date, and a commit would
    # look to other processes as if something had changed.
    if _schema_version(connection, path) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        for step in MIGRATIONS[_schema_version(connection, path) :]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself may have done so already.
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _schema_version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StorageError(
            f"{str(path)!r} has schema version {version}, this program knows "
            f"{len(MIGRATIONS)}; run the newer goldenpath that wrote it"
        )
    return version


def _statements(script: str) -> list[str]:
    """Split a script, since ``executescript`` would commit before it begins."""
    found = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    # A last statement without a semicolon is one as well.
    return [*found, pending] if pending.strip() else found
