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
# Callers wait for their result, so that this is reached only by a flood.
_JOBS_WAITING = 20_000
_BUSY_TIMEOUT_MS = 5_000
_READERS = 2
# What is wrong with one job says nothing about the others; the rest of
# sqlite3.Error (disk full, locked, corrupt) is about the database.
_CALLERS_FAULT = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
)


@dataclasses.dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

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
        self._foreign_check_every = foreign_check_every
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_JOBS_WAITING)
        self._writer: threading.Thread | None = None
        self._readers: concurrent.futures.ThreadPoolExecutor | None = None
        self._reading = threading.local()
        self._reader_connections: list[sqlite3.Connection] = []
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
        if self._writer is None or self._readers is None:
            return
        writer, self._writer = self._writer, None
        self._jobs.put(None)
        await asyncio.to_thread(writer.join)
        readers, self._readers = self._readers, None
        await asyncio.to_thread(readers.shutdown)
        for connection in self._reader_connections:
            connection.close()
        self._reader_connections.clear()

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
        job = _Job(work, self._loop.create_future())
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
        return await self._loop.run_in_executor(self._readers, self._read, work)

    async def back_up(self, target: Path) -> None:
        """Copy the database to a new file while it is in use.

        Raises:
            StorageError: The target exists, or cannot be written.
        """

        def copy(source: sqlite3.Connection) -> None:
            if target.exists():
                raise StorageError(
                    f"{str(target)!r} exists already; choose another name"
                )
            # The name appears only when the copy is whole.
            partial = target.with_name(target.name + ".partial")
            partial.unlink(missing_ok=True)
            destination = sqlite3.connect(partial)
            try:
                source.backup(destination)
            finally:
                destination.close()
            partial.rename(target)

        try:
            await self.read(copy)
        except OSError as error:
            raise StorageError(f"cannot write {str(target)!r}: {error}") from error

    def _prepare(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            connection = self._connect()
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                _migrate(connection, self.path)
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
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StorageError(f"the database cannot be read: {error}") from error

    def _write_for_ever(self, connection: sqlite3.Connection) -> None:
        checked_at = time.monotonic()
        is_closing = False
        while not is_closing:
            jobs: list[_Job] = []
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
                _commit(connection, jobs)
                self._call(_settle, jobs)
            if time.monotonic() - checked_at >= self._foreign_check_every:
                self._look_for_foreign_commits(connection)
                checked_at = time.monotonic()
        connection.close()

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


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


def _commit(connection: sqlite3.Connection, jobs: list[_Job]) -> None:
    """Run all jobs in one transaction, each in a savepoint of its own."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job in jobs:
            connection.execute("SAVEPOINT job")
            try:
                job.result = job.work(connection)
            except _CALLERS_FAULT as error:
                job.error = StorageError(f"the database refuses it: {error}")
                job.error.__cause__ = error
            except sqlite3.Error:
                raise
            # Whoever asked gets the exception, whatever it is; the writer lives.
            except BaseException as error:  # noqa: BLE001
                job.error = error
            if job.error is not None:
                connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for job in jobs:
            job.result = None
            if job.error is None:
                job.error = StorageError(f"the database cannot be written: {error}")
                job.error.__cause__ = error


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that this file has not taken yet, all or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        _require_known(version, path)
        for step in MIGRATIONS[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _require_known(version: int, path: Path) -> None:
    if version > len(MIGRATIONS):
        raise StorageError(
            f"{str(path)!r} has schema version {version}, this program knows "
            f"{len(MIGRATIONS)}; run the newer goldenpath that wrote it"
        )


def _statements(script: str) -> list[str]:
    """Split a script, since ``executescript`` would commit before it begins."""
    found = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
