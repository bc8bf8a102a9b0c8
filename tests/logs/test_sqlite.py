"""SQLite keeps the contract of a log, and does what only it has to do."""

import asyncio
import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from goldenpath.errors import FencedError, OrderError, StorageError
from goldenpath.logs import NewMessage, Owner, SQLiteLog
from goldenpath.protocol import (
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    Cursor,
    InputRequested,
    SessionRevoked,
    TextDelta,
    Unreadable,
    thread_log,
    user_log,
)
from goldenpath.storage import Database
from goldenpath.testing import LogConformance

NOW = 1_700_000_000.0
OWNER = Owner(id="owner", boot="boot", pid=1, started="1")
STARTED = AgentStarted(agent="tester", message=1)
COMPLETED = AgentCompleted(length=0, duration=0.0)


class SQLiteStore:
    def __init__(self, folder):
        self.path = folder / "data" / "log.sqlite3"
        self._copy = folder / "copy.sqlite3"
        self._database = None

    async def start(self):
        self._database = Database(self.path)
        await self._database.open()
        log = SQLiteLog(self._database)
        await log.start()
        return log

    async def stop(self):
        if self._database is not None:
            await self._database.close()

    async def back_up(self):
        self._copy.unlink(missing_ok=True)
        await self._database.back_up(self._copy)

    async def restore(self):
        shutil.copyfile(self._copy, self.path)


class TestSQLiteLog(LogConformance):
    def new_store(self, folder):
        return SQLiteStore(folder)


@pytest.fixture
async def database(tmp_path):
    async with Database(tmp_path / "log.sqlite3") as database:
        yield database


@pytest.fixture
async def log(database):
    log = SQLiteLog(database)
    await log.start()
    return log


@pytest.fixture
async def reopened(database):
    """Return a function that gives the log of a later start of the same store."""

    async def reopen():
        later = SQLiteLog(database)
        await later.start()
        return later

    return reopen


async def begin(log, name="m", *, user="ada", thread=None):
    posted = await log.post(
        NewMessage(user=user, client_message_id=name, text="hi", thread=thread), now=NOW
    )
    leased = await log.lease(OWNER, limit=100, now=NOW)
    (run,) = [run for run in leased if run.run == posted.run]
    await log.append(run, [STARTED], now=NOW)
    return run


async def entries(log, name):
    heads = await log.heads([name])
    page = await log.read(name, Cursor(heads[name].epoch, "", 0), limit=10**6)
    assert page.is_valid
    return list(page.entries)


def deltas(count, *, offset=0, text="x"):
    return [TextDelta(text=text, offset=offset + i * len(text)) for i in range(count)]


@contextlib.asynccontextmanager
async def one_commit(database):
    """Gather what is written within into one transaction."""
    has_begun, may_go_on = threading.Event(), threading.Event()

    def hold(_):
        has_begun.set()
        may_go_on.wait(10)

    holding = asyncio.create_task(database.write(hold))
    await asyncio.to_thread(has_begun.wait, 10)
    yield
    # The tasks made within have to reach the queue.
    for _ in range(3):
        await asyncio.sleep(0)
    may_go_on.set()
    await holding


def fail_the_commit(connection):
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("INSERT INTO sessions VALUES (x'00', 'handle', 'nobody', 0, 0)")


# Rows.


@pytest.mark.anyio
async def test_f10_nothing_is_written_before_its_start(database):
    """It would belong to no incarnation."""
    early = SQLiteLog(database)
    with pytest.raises(StorageError, match="before the log was started"):
        await early.record(user_log("ada"), [SessionRevoked(session="s")], now=NOW)

    await early.start()
    assert await early.record(user_log("ada"), [SessionRevoked(session="s")], now=NOW)


@pytest.mark.anyio
async def test_one_batch_is_one_row(log, database):
    run = await begin(log)

    await log.append(run, deltas(20), now=NOW)

    rows = await database.read(
        lambda c: c.execute(
            "SELECT first, last FROM entries WHERE log = ?", (thread_log(run.thread),)
        ).fetchall()
    )
    assert rows == [(1, 1), (2, 2), (3, 22)]


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["x", "x" * 1000, "x" * 20_000])
async def test_a_row_of_several_entries_is_at_most_64_kib(log, database, text):
    run = await begin(log)
    count = 400_000 // (100 + len(text))

    await log.append(run, deltas(count, text=text), now=NOW)

    rows = await database.read(
        lambda c: c.execute(
            "SELECT first, last, length(packed) FROM entries WHERE log = ?"
            " ORDER BY last",
            (thread_log(run.thread),),
        ).fetchall()
    )
    assert len(rows) >= 2 + 400_000 // 65_536
    assert max(size for _, _, size in rows) <= 65_536
    # And none is much smaller than it has to be.
    assert min(size for _, _, size in rows[2:-1]) > 65_536 - 2 * (len(text) + 300)
    assert [first for first, _, _ in rows[1:]] == [last + 1 for _, last, _ in rows[:-1]]
    assert len(await entries(log, thread_log(run.thread))) == 2 + count


@pytest.mark.anyio
async def test_an_entry_that_is_larger_has_a_row_of_its_own(log, database):
    run = await begin(log)
    batch = [
        TextDelta(text="a"),
        TextDelta(text="b" * 100_000, offset=1),
        TextDelta(text="c", offset=100_001),
    ]

    await log.append(run, batch, now=NOW)

    assert [e.event for e in await entries(log, thread_log(run.thread))][2:] == batch
    rows = await database.read(
        lambda c: c.execute(
            "SELECT first, last FROM entries WHERE log = ? AND first > 2",
            (thread_log(run.thread),),
        ).fetchall()
    )
    assert rows == [(3, 3), (4, 4), (5, 5)]


@pytest.mark.anyio
async def test_an_empty_batch_is_nothing(log):
    run = await begin(log)
    names = [thread_log(run.thread), user_log("ada")]
    before = await log.heads(names)

    hints = [
        *await log.append(run, [], now=NOW),
        *await log.record(user_log("ada"), [], now=NOW),
    ]

    assert await log.heads(names) == before
    assert [(hint.last, hint.entries) for hint in hints] == [
        (before[name].number, ()) for name in names
    ]


async def spoil(database, run, change):
    """Change the stored bytes of the row that begins with number 3."""

    def work(connection):
        (packed,) = connection.execute(
            "SELECT packed FROM entries WHERE log = ? AND first = 3",
            (thread_log(run.thread),),
        ).fetchone()
        connection.execute(
            "UPDATE entries SET packed = ? WHERE log = ? AND first = 3",
            (change(packed), thread_log(run.thread)),
        )

    await database.write(work)


@pytest.mark.anyio
async def test_a_poison_entry_spoils_only_itself(log, database):
    run = await begin(log)
    await log.append(run, deltas(3), now=NOW)
    await log.append(run, deltas(1, offset=3), now=NOW)

    sound, poison = b'"text":"x","offset":1', b'"text":\xff\xff\xff,"offset":1'
    await spoil(database, run, lambda packed: packed.replace(sound, poison))

    name = thread_log(run.thread)
    found = await entries(log, name)
    assert [entry.number for entry in found] == [1, 2, 3, 4, 5, 6]
    assert isinstance(found[3].event, Unreadable)
    assert [e.type for e in found if e is not found[3]] == [
        "user_message",
        "agent_started",
        "text_delta",
        "text_delta",
        "text_delta",
    ]
    tail = await log.tail(name, max_bytes=10**6)
    assert [entry.frame for entry in tail.entries] == [entry.frame for entry in found]
    assert b'"unreadable"' in found[3].frame
    rest = await log.read(name, found[3].cursor, limit=10)
    assert [entry.number for entry in rest.entries] == [5, 6]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda packed: b"", id="nothing is left"),
        pytest.param(lambda packed: packed[:3], id="cut in a length"),
        pytest.param(lambda packed: packed[:-20], id="cut in a body"),
        pytest.param(lambda packed: packed[:100], id="cut in the middle"),
        pytest.param(lambda packed: b"\xff" * len(packed), id="overwritten"),
        pytest.param(lambda packed: bytes(len(packed)), id="zeroes"),
        pytest.param(lambda packed: packed * 2, id="too much"),
    ],
)
async def test_a_damaged_row_leaves_no_hole(log, database, change):
    """A reader that meets a hole would come back for it for ever."""
    run = await begin(log)
    await log.append(run, deltas(3), now=NOW)
    await log.append(run, deltas(2, offset=3), now=NOW)

    await spoil(database, run, change)

    name = thread_log(run.thread)
    found = await entries(log, name)
    ends = [0, *(entry.number for entry in found)]
    assert [entry.first for entry in found] == [end + 1 for end in ends[:-1]]
    assert ends[-1] == 7
    assert [entry.number for entry in found[-2:]] == [6, 7]
    assert [entry.type for entry in found[-2:]] == ["text_delta", "text_delta"]
    for number in range(1, 8):
        back = await log.tail(name, max_bytes=10**6, before=number)
        assert [e.number for e in back.entries] == [n for n in ends[1:] if n < number]


@pytest.mark.anyio
@pytest.mark.parametrize("damaged", ["agent_started", "text_delta", "user_message"])
async def test_damage_keeps_no_run_from_ending(log, database, reopened, damaged):
    """Neither its own process nor whoever takes over."""
    run = await begin(log)
    await log.append(run, deltas(1), now=NOW)
    other = await begin(log, "other")
    await log.append(other, deltas(1), now=NOW)
    await database.write(
        lambda c: c.execute(
            "UPDATE entries SET packed ="
            " CAST(replace(CAST(packed AS TEXT), ?, 'rubbish') AS BLOB)"
            " WHERE log LIKE 'thread:%'",
            (f'"{damaged}"',),
        )
    )
    later = await reopened()

    await later.append(
        run, [AgentFailed(code="agent_error", text="", retryable=True)], now=NOW
    )
    await later.interrupt(OWNER.id, now=NOW)

    for ended in (run, other):
        with pytest.raises(FencedError):
            await later.append(ended, [COMPLETED], now=NOW)


@pytest.mark.anyio
async def test_a_lost_message_is_an_empty_one(log, database):
    """The agent answers nothing rather than nobody."""
    await log.post(NewMessage(user="ada", client_message_id="m", text="hi"), now=NOW)
    await database.write(lambda c: c.execute("DELETE FROM entries"))

    (run,) = await log.lease(OWNER, limit=1, now=NOW)

    assert run.text == ""
    assert await log.interrupt(OWNER.id, now=NOW)


# Commits that fail.


@pytest.mark.anyio
async def test_a_full_disk_changes_nothing_and_the_run_goes_on_afterwards(
    log, database
):
    run = await begin(log)
    await log.append(run, deltas(1), now=NOW)
    name = thread_log(run.thread)
    before = [entry.frame for entry in await entries(log, name)]
    question = InputRequested(call="q", question="?")

    def limit_pages(connection, pages):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    used = await database.read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda c: limit_pages(c, used))
    big = [question, TextDelta(text="y" * 500_000, offset=1)]
    with pytest.raises(StorageError, match="full"):
        await log.append(run, big, now=NOW)
    assert [entry.frame for entry in await entries(log, name)] == before
    await database.write(lambda c: limit_pages(c, 2**30))

    await log.append(run, [TextDelta(text="y", offset=1), question], now=NOW)
    with pytest.raises(OrderError, match="still open"):
        await log.append(run, [COMPLETED], now=NOW)
    await log.answer("ada", run.run, "q", 1, now=NOW)
    await log.append(run, [COMPLETED], now=NOW)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "lost", [("answer",), ("say", "answer"), ("say", "answer", "complete")]
)
async def test_what_a_failed_commit_brought_is_not_remembered(log, database, lost):
    """Not even when other entries have taken its numbers by then."""
    run = await begin(log)
    await log.append(run, [InputRequested(call="q", question="?")], now=NOW)
    calls = {
        "say": lambda: log.append(run, deltas(2), now=NOW),
        "answer": lambda: log.answer("ada", run.run, "q", 1, now=NOW),
        "complete": lambda: log.append(run, [COMPLETED], now=NOW),
    }

    async with one_commit(database):
        tasks = [asyncio.create_task(calls[name]()) for name in lost]
        tasks.append(asyncio.create_task(database.write(fail_the_commit)))
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(result) for result in results} == {StorageError}
    for number in range(5):
        message = NewMessage(
            user="ada", client_message_id=f"n{number}", text="hi", thread=run.thread
        )
        await log.post(message, now=NOW)

    await log.append(run, deltas(2), now=NOW)
    await log.answer("ada", run.run, "q", 1, now=NOW)
    await log.append(run, [COMPLETED], now=NOW)
    types = [entry.type for entry in await entries(log, thread_log(run.thread))]
    assert types.count("text_delta") == 2
    assert types.count("input_received") == types.count("agent_completed") == 1


@pytest.mark.anyio
async def test_nobody_is_fenced_off_by_what_was_not_committed(log, database):
    """A run whose process believed that would stay running for ever."""
    run = await begin(log)

    async with one_commit(database):
        tasks = [
            asyncio.create_task(log.delete_thread("ada", run.thread, now=NOW)),
            asyncio.create_task(log.append(run, deltas(1), now=NOW)),
            asyncio.create_task(database.write(fail_the_commit)),
        ]
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(result) for result in results] == [StorageError] * 3
    await log.append(run, [*deltas(1), COMPLETED], now=NOW)


@pytest.mark.anyio
async def test_appends_that_share_a_commit_are_refused_alone(log, database):
    good, bad = await begin(log, "a"), await begin(log, "b")
    undone = database.undone

    async with one_commit(database):
        tasks = [
            asyncio.create_task(log.append(bad, deltas(1, offset=7), now=NOW)),
            asyncio.create_task(log.append(good, deltas(1), now=NOW)),
            asyncio.create_task(log.append(bad, deltas(1), now=NOW)),
            asyncio.create_task(log.append(bad, deltas(1), now=NOW)),
        ]
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert [isinstance(result, OrderError) for result in results] == [
        True,
        False,
        False,
        True,
    ]
    # What was refused before it wrote anything costs nobody what they remember.
    assert database.undone == undone


@pytest.mark.anyio
async def test_another_process_may_answer_a_question(log, tmp_path):
    """What this one remembers of the run's order is completed from the log."""
    run = await begin(log)
    await log.append(run, [InputRequested(call="q", question="?")], now=NOW)

    async with Database(tmp_path / "log.sqlite3") as other:
        other_log = SQLiteLog(other)
        await other_log.start()
        await other_log.answer("ada", run.run, "q", 1, now=NOW)

    await log.append(run, [COMPLETED], now=NOW)


# Growth.


@pytest.mark.anyio
async def test_no_query_walks_a_table_that_grows(log, database, tmp_path):
    """Whatever they hold, one message costs what one message costs."""
    seen = set()
    meet = threading.Barrier(2)

    def trace(connection):
        meet.wait(10)
        connection.set_trace_callback(seen.add)

    await database.write(lambda c: c.set_trace_callback(seen.add))
    await asyncio.gather(database.read(trace), database.read(trace))
    await live_a_life(log)

    everything = sqlite3.connect(tmp_path / "log.sqlite3")
    plans = {}
    for statement in seen:
        if re.match(r"(INSERT|SELECT|UPDATE|DELETE)", statement):
            plan = everything.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            plans[statement] = [row[3] for row in plan]
    everything.close()
    assert len(plans) > 30
    walks = {
        (statement, step)
        for statement, steps in plans.items()
        for step in steps
        if step.startswith("SCAN")
        # These hold what is going on now, never what has been.
        and not step.endswith((" owners", "runs_queued", "runs_one_at_a_time"))
        # What a lease considers has a limit of its own.
        and step not in {"SCAN CONSTANT ROW", "SCAN mine"}
        and "subquery" not in step
    }
    assert walks == set()
    sorts = {
        statement
        for statement, steps in plans.items()
        if any("TEMP B-TREE" in step for step in steps)
        and "runs_one_at_a_time" not in str(steps)
        and "runs_queued" not in str(steps)
    }
    assert sorts == set()


async def live_a_life(log):
    """Do everything that a log can do."""
    run = await begin(log)
    await log.append(run, [*deltas(3), InputRequested(call="q", question="?")], now=NOW)
    await log.answer("ada", run.run, "q", 1, now=NOW)
    name = thread_log(run.thread)
    cursor = (await entries(log, name))[1].cursor
    await log.read(name, cursor, limit=2)
    await log.tail(name, max_bytes=100)
    await log.tail(name, max_bytes=100, before=3)
    await log.heads([name, user_log("ada")])
    await log.overview("ada", limit=2)
    await log.threads("ada", before=None, limit=2)
    await log.threads("ada", before=(NOW, run.thread), limit=2)
    assert await log.may_read("ada", name)
    await log.record(user_log("ada"), [SessionRevoked(session="s")], now=NOW)
    await log.cancel("ada", run=run.run, now=NOW)
    await log.cancel_requested(OWNER)
    await log.append(run, [AgentInterrupted()], now=NOW)
    await log.retry("ada", run.run, now=NOW)
    await log.cancel("ada", client_message_id="m", now=NOW)
    await log.beat(OWNER)
    await log.owners()
    last = await begin(log, "last", thread=run.thread)
    await log.interrupt(OWNER.id, now=NOW)
    await log.rename_thread("ada", last.thread, "title", now=NOW)
    await begin(log, "really last", thread=run.thread)
    await log.delete_thread("ada", last.thread, now=NOW)


# Kills.

WRITER = """
import asyncio, pathlib, sys
from goldenpath.logs import NewMessage, Owner, SQLiteLog
from goldenpath.protocol import AgentCompleted, AgentStarted, TextDelta
from goldenpath.storage import Database

def acknowledge(*words):
    print(*words, flush=True)

async def talk(log, life, number):
    for turn in range(10**6):
        name = f"{life}-{number}-{turn}"
        posted = await log.post(
            NewMessage(user="ada", client_message_id=name, text=name), now=0.0
        )
        acknowledge("posted", name, posted.thread, posted.number)
        for run in await log.lease(Owner(id=life), limit=1, now=0.0):
            batches = [
                [AgentStarted(agent="a", message=1)],
                [TextDelta(text="x" * 500), TextDelta(text="x" * 9000, offset=500)],
                [AgentCompleted(length=0, duration=0.0)],
            ]
            for batch in batches:
                hints = await log.append(run, batch, now=0.0)
                acknowledge("appended", run.run, run.thread, hints[0].last)

async def main(path, life):
    async with Database(pathlib.Path(path)) as database:
        log = SQLiteLog(database)
        await log.start()
        acknowledge("started", log._era.epoch)
        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(talk(log, life, number))

asyncio.run(main(*sys.argv[1:]))
"""
KILLS = 20


def killed_life(path, life, acknowledged):
    """Let a process write until it is killed, and note what it was promised."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), life],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in range(acknowledged):
            line = process.stdout.readline()
            assert line, "the writer died by itself"
            yield line.split()
        # It has gone on meanwhile: where it is now, nobody can tell.
        os.kill(process.pid, signal.SIGKILL)
        # A line that was cut is an acknowledgement that nobody got.
        for line in process.stdout:
            if line.endswith("\n"):
                yield line.split()


@pytest.mark.anyio
async def test_f53_what_was_acknowledged_survives_kills_at_any_instant(tmp_path):
    """P1; also what the process itself had not yet read back."""
    path = tmp_path / "log.sqlite3"
    dice = random.Random(53)
    posted, reached, epochs = {}, {}, set()

    def live_and_die():
        for life in range(KILLS):
            for words in killed_life(path, f"life{life}", dice.randint(1, 40)):
                if words[0] == "started":
                    epochs.add(words[1])
                    continue
                kind, name, thread, number = words
                reached[thread] = max(reached.get(thread, 0), int(number))
                if kind == "posted":
                    posted[name] = (thread, int(number))

    await asyncio.to_thread(live_and_die)

    assert len(posted) > KILLS
    assert len(epochs) == 1
    async with Database(path) as database:
        (verdict,) = await database.read(
            lambda c: c.execute("PRAGMA integrity_check").fetchone()
        )
        assert verdict == "ok"
        log = SQLiteLog(database)
        await log.start()
        for thread, number in reached.items():
            found = await entries(log, thread_log(thread))
            assert [e.number for e in found] == list(range(1, len(found) + 1))
            assert len(found) >= number
        for name, (thread, number) in posted.items():
            copy = await log.post(
                NewMessage(user="ada", client_message_id=name, text="again"), now=NOW
            )
            assert copy.is_duplicate
            assert (copy.thread, copy.number) == (thread, number)
        # Together or not at all, also for what nobody was told of.
        told = [entry.type for entry in await entries(log, user_log("ada"))]
        counts = await database.read(
            lambda c: [
                c.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("threads", "runs", "idempotency")
            ]
        )
        assert counts == [told.count("thread_created")] * 3
        for owner in await log.owners():
            await log.interrupt(owner.id, now=NOW)
        states = await database.read(
            lambda c: c.execute(
                "SELECT count(*) FROM runs WHERE state = 'running'"
            ).fetchone()
        )
        assert states == (0,)
