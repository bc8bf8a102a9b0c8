"""The product's database without its threads: each commit is a step on the loop.

What is done in a transaction, how callers share one and how it is taken back are the
real database's; only who does it, and when, is another's. So a log on it is the real
log, and the order of its commits and of their answers is the loop's to permute.
"""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import functools
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from goldenpath.errors import StorageError
from goldenpath.storage._sqlite import Database, Job, migrate

Result = TypeVar("Result")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFaults:
    """How often each fault happens, from 0 to 1, and how long things take.

    Attributes:
        failed_reads: A read fails.
        failed_writes: A commit fails; of all that shared it nothing is left.
        lost_answers: A commit succeeds, and those whose change it was are told
            otherwise.
        takes_within: Most seconds from asking to the deed, and from there to the
            answer.
        delays: It takes up to ``delay_within`` seconds instead.
        delay_within: See there.
    """

    failed_reads: float = 0.0
    failed_writes: float = 0.0
    lost_answers: float = 0.0
    takes_within: float = 0.001
    delays: float = 0.0
    delay_within: float = 0.0


class InlineStore:
    """What is stored, in memory; several databases may share it, as processes do.

    Args:
        image: What is stored at first; None means nothing.
    """

    def __init__(self, image: bytes | None = None) -> None:
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, cached_statements=256
        )
        self.connection.deserialize(_empty_image() if image is None else image)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.databases: list[InlineDatabase] = []
        self._is_read_only = False

    def for_reading(self) -> sqlite3.Connection:
        """Return the connection while nothing can be written."""
        return self._switched(is_read_only=True)

    def for_writing(self) -> sqlite3.Connection:
        """Return the connection while all can be done."""
        return self._switched(is_read_only=False)

    def _switched(self, *, is_read_only: bool) -> sqlite3.Connection:
        if is_read_only is not self._is_read_only:
            self._is_read_only = is_read_only
            self.connection.execute(f"PRAGMA query_only = {is_read_only}")
        return self.connection

    def image(self) -> bytes:
        """Return a copy of all that is stored."""
        return self.connection.serialize()

    def close(self) -> None:
        """Let go of it."""
        self.connection.close()


class InlineDatabase(Database):
    """A :class:`goldenpath.storage.Database` whose every step is the event loop's.

    Faults are drawn from a seed and may be changed at any time.

    Args:
        path: Names it; the only file that is made is the log's, beside it.
        store: What is stored; None means a new one that is gone with the database.
        seed: The same seed draws the same faults and times.
        faults: How often each happens; None means never.
        foreign_check_every: Most seconds until another's commit is noticed.
        on_foreign_commit: Called on the event loop when there was one.
    """

    def __init__(
        self,
        path: Path,
        *,
        store: InlineStore | None = None,
        seed: int | str = 0,
        faults: DatabaseFaults | None = None,
        foreign_check_every: float = 0.25,
        on_foreign_commit: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            path,
            foreign_check_every=foreign_check_every,
            on_foreign_commit=on_foreign_commit,
        )
        self.faults = faults or DatabaseFaults()
        self._store = store or InlineStore()
        self._owns_store = store is None
        self._random = random.Random(seed)  # noqa: S311 - it shall be predictable
        self._waiting: list[Job] = []
        self._looking: dict[Job, None] = {}
        self._context = contextvars.copy_context()
        self._is_told_soon = False

    async def open(self) -> None:
        """Join those who use the store."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._reading.connection = self._store.connection
        self._store.databases.append(self)

    async def close(self) -> None:
        """Do what waits, then leave the store."""
        if self._loop is None:
            return
        self._commit_waiting()
        for job in tuple(self._looking):
            self._look(job)
        self._store.databases.remove(self)
        self._loop = None
        if self._owns_store:
            self._store.close()

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``work`` in a transaction; see ``Database``."""
        loop = self._require_open()
        job = Job(work, loop.create_future())
        if not self._waiting:
            loop.call_later(self._delay(), self._commit_waiting)
        self._waiting.append(job)
        result: Result = await job.future
        return result

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``work`` without letting it write; see ``Database``."""
        loop = self._require_open()
        job = Job(work, loop.create_future())
        self._looking[job] = None
        loop.call_later(self._delay(), self._look, job)
        result: Result = await job.future
        return result

    def _require_open(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise StorageError(f"the database {str(self.path)!r} is not open")
        return self._loop

    def _commit_waiting(self) -> None:
        jobs, self._waiting = self._waiting, []
        if not jobs:
            return
        connection = self._store.for_writing()
        if self._happens(self.faults.failed_writes):
            # Behind all others, so that there is something to take back.
            self._commit(connection, [*jobs, _failing(jobs[0].future)])
        else:
            self._commit(connection, jobs)
            if self._happens(self.faults.lost_answers):
                for job in (job for job in jobs if job.error is None):
                    job.fail("the answer was lost", sqlite3.OperationalError("lost"))
            for other in self._store.databases:
                if other is not self:
                    other.note_foreign_commit()
        self._answer(jobs)

    def _look(self, job: Job) -> None:
        if job not in self._looking:
            return  # the database was closed meanwhile, and did it then
        del self._looking[job]
        work = _fail if self._happens(self.faults.failed_reads) else job.work
        try:
            self._store.for_reading()
            job.result = self._read(work)
        # Whoever asked gets the exception, whatever it is.
        except BaseException as error:  # noqa: BLE001
            job.error = error
        self._answer([job])

    def _answer(self, jobs: list[Job]) -> None:
        def settle() -> None:
            for job in jobs:
                job.settle()

        # Not by `_loop`: one that was closed meanwhile answers all the same.
        jobs[0].future.get_loop().call_later(self._delay(), settle)

    def note_foreign_commit(self) -> None:
        """Notice soon that another database has changed something."""
        if self._is_told_soon or self._loop is None or self.on_foreign_commit is None:
            return
        self._is_told_soon = True
        self._loop.call_later(
            self._random.uniform(0.0, self._foreign_check_every),
            self._tell_of_foreign_commit,
            context=self._context,
        )

    def _tell_of_foreign_commit(self) -> None:
        self._is_told_soon = False
        if self._loop is not None and self.on_foreign_commit is not None:
            self.on_foreign_commit()

    def _happens(self, chance: float) -> bool:
        return self._random.random() < chance

    def _delay(self) -> float:
        # All are drawn, used or not: one fault must not shift the others. Most are
        # short, as on a disk: otherwise nearly all would share one commit.
        usual = self.faults.takes_within * self._random.random() ** 4
        unusual = self._random.uniform(0.0, self.faults.delay_within)
        return unusual if self._happens(self.faults.delays) else usual


def _fail(_: sqlite3.Connection) -> Any:
    raise sqlite3.OperationalError("disk I/O error, as the seed says")


def _failing(future: asyncio.Future[Any]) -> Job:
    return Job(_fail, future)


@functools.cache
def _empty_image() -> bytes:
    """Return a migrated database without rows; a new one is a copy of it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path(":memory:"))
    image = connection.serialize()
    connection.close()
    return image
