"""One file, one writer: what is promised of commits, reads, copies and strangers."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading

import pytest

from goldenpath.errors import RefusedError, StorageError
from goldenpath.storage import Database
from goldenpath.storage import _sqlite as module


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "db.sqlite3"


@pytest.fixture
async def database(path):
    async with Database(path) as database:
        await database.write(
            lambda c: c.execute("CREATE TABLE facts (fact INTEGER UNIQUE NOT NULL)")
        )
        yield database


def add(fact):
    def work(connection):
        connection.execute("INSERT INTO facts VALUES (?)", (fact,))
        return fact

    return work


def facts_in(connection):
    return [fact for (fact,) in connection.execute("SELECT fact FROM facts")]


def ask(question):
    return lambda connection: connection.execute(question).fetchone()[0]


class Gate:
    """Holds the writer until what is written meanwhile is one commit."""

    def __init__(self, database):
        self._database = database
        self._is_held = threading.Event()
        self._may_go_on = threading.Event()

    async def __aenter__(self):
        self._holding = asyncio.create_task(self._database.write(self._hold))
        await asyncio.to_thread(self._is_held.wait, 10)

    async def __aexit__(self, *_):
        # The tasks made meanwhile have to reach the queue.
        for _ in range(3):
            await asyncio.sleep(0)
        self._may_go_on.set()
        await self._holding

    def _hold(self, _):
        self._is_held.set()
        self._may_go_on.wait(10)


async def written_together(database, *works):
    async with Gate(database):
        tasks = [asyncio.create_task(database.write(work)) for work in works]
    return await asyncio.gather(*tasks, return_exceptions=True)


def fail_the_commit(connection):
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("INSERT INTO sessions VALUES (x'00', 'handle', 'nobody', 0, 0)")


# Opening.


@pytest.mark.anyio
async def test_commits_are_synced_to_a_write_ahead_log(database):
    for pragma, value in (
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
    ):
        assert await database.write(ask(f"PRAGMA {pragma}")) == value
    assert await database.read(ask("PRAGMA query_only")) == 1


@pytest.mark.anyio
async def test_nobody_else_may_read_the_files(database, path):
    await database.write(add(1))
    await database.back_up(path.with_name("copy"))

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    names = {file.name for file in path.parent.iterdir()}
    assert names >= {"db.sqlite3", "db.sqlite3-wal", "copy"}
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.anyio
async def test_a_file_keeps_the_permissions_that_somebody_gave_it(path):
    async with Database(path):
        path.chmod(0o640)
    async with Database(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.anyio
async def test_a_file_that_is_no_database_is_refused(path):
    path.parent.mkdir()
    path.write_bytes(b"no database, whatever its name says" * 100)

    with pytest.raises(StorageError, match=r"cannot open the database '.*db\.sqlite3'"):
        await Database(path).open()

    assert path.read_bytes().startswith(b"no database")


@pytest.mark.anyio
async def test_a_file_that_is_read_only_is_refused(path, monkeypatch):
    """What is opened so stays so, also when its disk can be written again."""
    async with Database(path):
        pass
    # Root may write to whatever a test could make read-only.
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(StorageError, match=r"db\.sqlite3' is read-only"):
        await Database(path).open()


@pytest.mark.anyio
async def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="cannot open"):
        await Database(tmp_path / "file" / "db.sqlite3").open()


@pytest.mark.anyio
async def test_a_place_without_a_write_ahead_log_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StorageError, match="journal mode is 'memory'"):
        await Database(type(tmp_path)(":memory:")).open()


@pytest.mark.anyio
async def test_a_newer_file_is_refused_untouched(path):
    async with Database(path) as database:
        known = await database.read(ask("PRAGMA user_version"))
        await database.write(lambda c: c.execute("PRAGMA user_version = 99"))

    with pytest.raises(StorageError) as refused:
        await Database(path).open()

    assert f"has schema version 99, this program knows {known}" in str(refused.value)
    assert "run the newer goldenpath" in str(refused.value)
    connection = sqlite3.connect(path)
    assert ask("PRAGMA user_version")(connection) == 99
    connection.close()


@pytest.mark.anyio
async def test_a_file_takes_the_steps_that_it_lacks(path, monkeypatch):
    async with Database(path) as database:
        before = await database.read(ask("PRAGMA user_version"))
    steps = (
        *module.MIGRATIONS,
        "CREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n",
        "CREATE TABLE b (x);\n-- No semicolon at the end.\nINSERT INTO b VALUES (2)",
    )
    monkeypatch.setattr(module, "MIGRATIONS", steps)

    for _ in range(2):
        async with Database(path) as database:
            assert await database.read(ask("PRAGMA user_version")) == before + 2
            assert await database.read(ask("SELECT sum(x) FROM a")) == 1
            assert await database.read(ask("SELECT sum(x) FROM b")) == 2


@pytest.mark.anyio
async def test_steps_are_taken_all_or_none(path, monkeypatch):
    async with Database(path) as database:
        before = await database.read(ask("PRAGMA user_version"))
    good, bad = "CREATE TABLE a (x);", "INSERT INTO no_such_table VALUES (1);"
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS, good, bad))
        with pytest.raises(StorageError, match="no_such_table"):
            await Database(path).open()

    async with Database(path) as database:
        assert await database.read(ask("PRAGMA user_version")) == before
        tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'a'"
        assert await database.read(ask(tables)) == 0


OPENER = """
import asyncio, pathlib, sys
from goldenpath.storage import Database

async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    async with Database(pathlib.Path(sys.argv[1])) as database:
        await database.write(lambda c: c.execute(
            "INSERT INTO users VALUES (?, ?, '', 0, 0)", sys.argv[2:]
        ))

asyncio.run(main())
"""


@pytest.mark.anyio
async def test_a_new_file_that_another_process_prepares_is_waited_for(
    path, monkeypatch
):
    path.parent.mkdir(parents=True, exist_ok=True)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("SELECT * FROM sqlite_schema").fetchall()
    pauses = []

    def commit_instead(seconds):
        pauses.append(seconds)
        other.execute("COMMIT")

    monkeypatch.setattr("goldenpath.storage._sqlite.time.sleep", commit_instead)
    async with Database(path) as database:
        assert await database.read(lambda c: c.execute("SELECT 1").fetchone()) == (1,)
    other.close()
    assert len(pauses) == 1


@pytest.mark.anyio
async def test_processes_may_open_a_new_file_at_once(path):
    def open_all():
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", OPENER, str(path), f"id{i}", f"name{i}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for i in range(4)
        ]
        for process in processes:
            process.stdout.readline()
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            process.communicate(timeout=60)
        return [process.returncode for process in processes]

    assert await asyncio.to_thread(open_all) == [0] * 4
    async with Database(path) as database:
        assert await database.read(ask("SELECT count(*) FROM users")) == 4


# Writing.


@pytest.mark.anyio
async def test_what_waits_meanwhile_is_one_commit(database):
    statements = []
    await database.write(lambda c: c.set_trace_callback(statements.append))

    results = await asyncio.gather(*(database.write(add(i)) for i in range(400)))

    assert results == list(range(400))
    assert await database.read(ask("SELECT count(*) FROM facts")) == 400
    assert statements.count("COMMIT") < 20
    assert sum("INSERT" in statement for statement in statements) == 400


@pytest.mark.anyio
async def test_a_commit_does_not_grow_without_limit(database):
    """The first would wait for the last."""
    statements = []
    await database.write(lambda c: c.set_trace_callback(statements.append))

    await written_together(database, *(add(i) for i in range(1200)))

    # Two are those of the trace and of the gate.
    assert statements.count("COMMIT") == 2 + 3


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("mistake", "error"),
    [
        pytest.param(
            lambda c: c.execute("SELECT * FROM no_such_table"), StorageError, id="SQL"
        ),
        pytest.param(
            lambda c: c.execute("INSERT INTO facts VALUES (1)"),
            StorageError,
            id="constraint",
        ),
        pytest.param(lambda c: c.execute("SELECT ?", ()), StorageError, id="bindings"),
        pytest.param(
            lambda c: c.execute("SELECT ?", (object(),)), StorageError, id="type"
        ),
        pytest.param(lambda c: 1 // 0, ZeroDivisionError, id="Python"),
        pytest.param(
            lambda c: (_ for _ in ()).throw(RefusedError("not_found", "no")),
            RefusedError,
            id="refusal",
        ),
    ],
)
async def test_a_job_that_fails_is_undone_alone(database, mistake, error):
    def write_then_fail(connection):
        add(100)(connection)
        mistake(connection)

    undone = database.undone
    results = await written_together(database, add(1), write_then_fail, add(2))

    assert results[0::2] == [1, 2]
    assert type(results[1]) is error
    assert sorted(await database.read(facts_in)) == [1, 2]
    assert database.undone == undone + 1


@pytest.mark.anyio
async def test_refusing_without_having_written_undoes_nothing(database):
    """Whoever remembers something of a transaction may go on remembering it."""
    undone = database.undone

    with pytest.raises(ZeroDivisionError):
        await database.write(lambda _: 1 // 0)

    assert database.undone == undone


@pytest.mark.anyio
async def test_a_commit_that_fails_reaches_all_and_changes_nothing(database):
    """Also whom it refused: perhaps for what is undone now."""
    undone = database.undone
    results = await written_together(
        database, add(1), add(1), fail_the_commit, lambda _: 1 // 0
    )

    assert [type(result) for result in results] == [StorageError] * 4
    assert {str(result) for result in results} == {
        "the database cannot be written: FOREIGN KEY constraint failed"
    }
    assert await database.read(facts_in) == []
    assert database.undone > undone
    assert await database.write(add(1)) == 1


@pytest.mark.anyio
async def test_a_full_disk_reaches_all_and_changes_nothing(database):
    pages = await database.read(ask("PRAGMA page_count"))
    await database.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages}"))

    def fill(connection):
        connection.execute("CREATE TABLE big AS SELECT zeroblob(1000000)")

    results = await written_together(database, add(1), fill, add(2))

    assert [type(result) for result in results] == [StorageError] * 3
    assert "full" in str(results[0])
    assert await database.read(facts_in) == []
    assert await database.write(add(1)) == 1


@pytest.mark.anyio
async def test_a_job_that_hides_a_failure_does_not_commit_the_rest_alone(database):
    """SQLite has ended the transaction by then; the next job would begin another."""
    pages = await database.read(ask("PRAGMA page_count"))
    await database.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages}"))

    def hide(connection):
        try:
            connection.execute("INSERT OR ROLLBACK INTO facts VALUES (NULL)")
        except sqlite3.Error:
            return

    results = await written_together(database, add(1), hide, add(2))

    assert [type(result) for result in results] == [StorageError] * 3
    assert await database.read(facts_in) == []
    assert await database.write(add(3)) == 3


@pytest.mark.anyio
async def test_a_locked_file_is_waited_for_and_then_given_up(database, path):
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    await database.write(lambda c: c.execute("PRAGMA busy_timeout = 50"))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked"):
        await database.write(add(1))
    assert await database.read(facts_in) == []

    other.execute("COMMIT")
    other.close()
    assert await database.write(add(1)) == 1


@pytest.mark.anyio
async def test_a_waiter_that_is_cancelled_does_not_stop_the_writer(database):
    async with Gate(database):
        tasks = [asyncio.create_task(database.write(add(i))) for i in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert results[0::2] == [0, 2]
    assert isinstance(results[1], asyncio.CancelledError)
    assert await database.write(add(3)) == 3


@pytest.mark.anyio
async def test_a_flood_is_refused(database, monkeypatch):
    monkeypatch.setattr(module, "_JOBS_WAITING", 10)
    path = database.path.with_name("small.sqlite3")
    async with Database(path) as small:
        results = await written_together(small, *[lambda _: "done"] * 13)

    assert results[:10] == ["done"] * 10
    assert [str(result) for result in results[10:]] == [
        "10 changes wait for the database already"
    ] * 3


# Reading.


@pytest.mark.anyio
async def test_s38_a_flood_of_reads_is_refused_too(database, monkeypatch):
    monkeypatch.setattr(module, "_JOBS_WAITING", 10)

    def read_all(count):
        reads = [database.read(lambda _: "done") for _ in range(count)]
        return asyncio.gather(*reads, return_exceptions=True)

    results = await read_all(13)
    again = await read_all(10)

    assert results[:10] == again == ["done"] * 10
    assert [str(result) for result in results[10:]] == [
        "10 reads wait for the database already"
    ] * 3


@pytest.mark.anyio
async def test_a_read_sees_what_was_written_before_it(database):
    for fact in range(50):
        await database.write(add(fact))

        assert len(await database.read(facts_in)) == fact + 1


@pytest.mark.anyio
async def test_a_read_is_of_one_moment(database):
    has_looked, may_look_again = threading.Event(), threading.Event()

    def look_twice(connection):
        first = facts_in(connection)
        has_looked.set()
        may_look_again.wait(10)
        return first, facts_in(connection)

    await database.write(add(1))
    looking = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(has_looked.wait, 10)
    await database.write(add(2))
    assert await database.read(facts_in) == [1, 2]
    may_look_again.set()

    assert await looking == ([1], [1])


@pytest.mark.anyio
async def test_a_read_cannot_write(database):
    for _ in range(3):
        with pytest.raises(StorageError, match="readonly"):
            await database.read(add(1))

    assert await database.read(facts_in) == []


@pytest.mark.anyio
async def test_a_read_that_fails_leaves_the_next_one_alone(database):
    for _ in range(4):
        with pytest.raises(StorageError, match="no_such_table"):
            await database.read(ask("SELECT * FROM no_such_table"))
        with pytest.raises(ZeroDivisionError):
            await database.read(lambda c: 1 // len(facts_in(c)))
        await database.read(lambda c: c.execute("COMMIT"))

    assert await database.read(facts_in) == []


# Other processes.


class Strangers:
    """Counts the commits of others that were noticed."""

    def __init__(self):
        self.noticed = 0
        self._has_noticed = asyncio.Event()

    def __call__(self):
        self.noticed += 1
        self._has_noticed.set()

    async def wait_noticed(self):
        async with asyncio.timeout(10):
            await self._has_noticed.wait()
        self._has_noticed.clear()


@pytest.mark.anyio
async def test_commits_of_others_are_noticed_and_own_ones_are_not(path):
    strangers = Strangers()
    async with Database(
        path, foreign_check_every=0.001, on_foreign_commit=strangers
    ) as database:
        await database.write(lambda c: c.execute("CREATE TABLE facts (fact)"))
        other = sqlite3.connect(path, isolation_level=None)
        for fact in range(50):
            await database.write(add(fact))
            await database.read(facts_in)
        assert strangers.noticed == 0

        for fact in range(3):
            other.execute("INSERT INTO facts VALUES (?)", (fact,))
            await strangers.wait_noticed()
            await database.write(add(fact))

        assert strangers.noticed == 3
        other.close()
        assert len(await database.read(facts_in)) == 56
    assert strangers.noticed == 3


@pytest.mark.anyio
async def test_a_look_that_fails_is_repeated(path):
    strangers = Strangers()
    async with Database(
        path, foreign_check_every=0.001, on_foreign_commit=strangers
    ) as database:
        denied = threading.Event()

        def deny(action, argument, *_):
            if action == sqlite3.SQLITE_PRAGMA and argument == "data_version":
                denied.set()
                return sqlite3.SQLITE_DENY
            return sqlite3.SQLITE_OK

        await database.write(lambda c: c.set_authorizer(deny))
        async with Database(path) as other:
            await other.write(lambda c: c.execute("CREATE TABLE facts (fact)"))
        denied.clear()
        await asyncio.to_thread(denied.wait, 10)
        assert strangers.noticed == 0

        await database.write(lambda c: c.set_authorizer(None))
        await strangers.wait_noticed()


@pytest.mark.anyio
async def test_opening_a_file_is_no_commit(path):
    """Else each `goldenpath users` would have the server look around."""
    strangers = Strangers()
    async with Database(
        path, foreign_check_every=0.001, on_foreign_commit=strangers
    ) as database:
        version = await database.write(ask("PRAGMA data_version"))
        async with Database(path) as other:
            await other.read(ask("SELECT count(*) FROM users"))

        assert await database.write(ask("PRAGMA data_version")) == version


@pytest.mark.anyio
async def test_nobody_has_to_care_for_others(path):
    async with Database(path, foreign_check_every=0.001) as database:
        async with Database(path) as other:
            await other.write(lambda c: c.execute("CREATE TABLE facts (fact)"))

        assert await database.write(add(1)) == 1


# Copies.


@pytest.mark.anyio
async def test_a_copy_made_while_others_write_is_of_one_moment(database, tmp_path):
    """Each change here is of two rows, and a copy has both or neither."""

    def add_pair(number):
        def work(connection):
            add(number)(connection)
            add(-number)(connection)

        return work

    async def write():
        number = 0
        while not is_done:
            number += 1
            await database.write(add_pair(number))

    is_done = False
    writing = asyncio.create_task(write())
    sizes = []
    for number in range(5):
        copy = tmp_path / f"copy{number}"
        await database.back_up(copy)
        connection = sqlite3.connect(copy)
        assert ask("SELECT sum(fact) FROM facts")(connection) in (0, None)
        assert ask("PRAGMA integrity_check")(connection) == "ok"
        sizes.append(ask("SELECT count(*) FROM facts")(connection))
        connection.close()
    is_done = True
    await writing

    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


@pytest.mark.anyio
async def test_a_copy_is_a_database(database, tmp_path):
    await database.write(add(1))

    await database.back_up(tmp_path / "copy")

    async with Database(tmp_path / "copy") as copy:
        assert await copy.read(facts_in) == [1]


@pytest.mark.anyio
async def test_a_copy_replaces_nothing(database, tmp_path):
    (tmp_path / "copy").write_text("precious")

    with pytest.raises(StorageError, match=r"copy' exists already"):
        await database.back_up(tmp_path / "copy")

    assert (tmp_path / "copy").read_text() == "precious"


@pytest.mark.anyio
async def test_a_copy_that_was_broken_off_is_in_nobodys_way(database, tmp_path):
    (tmp_path / "copy.partial").write_text("half")

    await database.back_up(tmp_path / "copy")

    assert not (tmp_path / "copy.partial").exists()


@pytest.mark.anyio
async def test_a_copy_that_cannot_be_made_leaves_nothing(database, tmp_path):
    with pytest.raises(StorageError, match=r"cannot copy the database to '.*copy'"):
        await database.back_up(tmp_path / "no" / "such" / "copy")

    (tmp_path / "copy.partial").mkdir()
    with pytest.raises(StorageError, match="cannot copy"):
        await database.back_up(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


# Closing.


@pytest.mark.anyio
async def test_closing_commits_what_waits(path):
    database = Database(path)
    await database.open()
    await database.write(lambda c: c.execute("CREATE TABLE facts (fact)"))
    async with Gate(database):
        tasks = [asyncio.create_task(database.write(add(i))) for i in range(600)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(database.close())
    await closing

    assert await asyncio.gather(*tasks) == list(range(600))
    async with Database(path) as database:
        assert len(await database.read(facts_in)) == 600


@pytest.mark.anyio
async def test_a_closed_database_refuses_work(path):
    database = Database(path)
    for _ in range(2):
        for attempt in (database.write, database.read):
            with pytest.raises(StorageError, match="is not open"):
                await attempt(facts_in)
        with pytest.raises(StorageError, match="is not open"):
            await database.back_up(path.with_name("copy"))
        await database.close()
        await database.open()
        await database.read(ask("SELECT count(*) FROM users"))
        await database.close()


@pytest.mark.anyio
async def test_a_closed_database_is_one_file(path):
    """A copy of it made by hand is whole."""
    async with Database(path) as database:
        await database.write(lambda c: c.execute("CREATE TABLE facts (fact)"))
        await asyncio.gather(*(database.read(facts_in) for _ in range(10)))

    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_loop_that_is_gone_does_not_stop_the_writer(path):
    """Whoever waited is gone with it; what they asked for is done."""

    async def write_and_leave():
        database = Database(path)
        await database.open()
        await database.write(lambda c: c.execute("CREATE TABLE facts (fact)"))
        may_go_on = threading.Event()
        waiting = asyncio.create_task(database.write(lambda _: may_go_on.wait(10)))
        writing = asyncio.create_task(database.write(add(1)))
        await asyncio.sleep(0)
        return database, may_go_on, waiting, writing

    async def leave():
        database, may_go_on, *tasks = await write_and_leave()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return database, may_go_on

    database, may_go_on = asyncio.run(leave())
    may_go_on.set()
    asyncio.run(database.close())

    connection = sqlite3.connect(path)
    assert facts_in(connection) == [1]
    connection.close()
