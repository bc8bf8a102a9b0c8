"""The real log on the inline database keeps the contract, under every schedule."""

import asyncio
import random
import shutil
import sqlite3

import pytest

from goldenpath.errors import RefusedError, StorageError
from goldenpath.logs import NewMessage, Owner, SQLiteLog
from goldenpath.protocol import AgentCompleted, AgentStarted, thread_log
from goldenpath.storage import Database
from goldenpath.testing import (
    DatabaseFaults,
    InlineDatabase,
    InlineStore,
    LogConformance,
    PermutingLoop,
    run_schedule,
)

OWNER = Owner(id="owner", boot="boot", pid=1, started="1")
SEEDS = range(50)


class Store:
    """Keeps what is stored while no database is open."""

    def __init__(self, folder):
        self.path = folder / "log.db"
        self._image = None
        self._copy = None
        self._open = None

    async def start(self):
        self._store = InlineStore(self._image)
        self._open = InlineDatabase(self.path, store=self._store)
        await self._open.open()
        log = SQLiteLog(self._open)
        await log.start()
        return log

    async def stop(self):
        if self._open is not None:
            await self._open.close()
            self._image = self._store.image()
            self._store.close()
            self._open = None

    async def back_up(self):
        self._copy = self._store.image()

    async def restore(self):
        self._image = self._copy


class TestTheLogOnAnInlineDatabase(LogConformance):
    def new_store(self, folder):
        return Store(folder)


class TestTheLogUnderASchedule(TestTheLogOnAnInlineDatabase):
    """The same, with everything that is asked at once in another order."""

    @pytest.fixture
    def anyio_backend(self):
        return "asyncio", {"loop_factory": lambda: PermutingLoop(1)}


@pytest.fixture
def inline(tmp_path):
    """Return a function that runs a test over many schedules of a database."""

    def run(scenario, *, seeds=SEEDS, **fields):
        async def main(seed):
            async with InlineDatabase(
                tmp_path / "inline.db", seed=seed, **fields
            ) as database:
                return await scenario(database)

        return [
            run_schedule(lambda seed=seed: main(seed), seed=seed).result
            for seed in seeds
        ]

    return run


def put(name, value):
    def work(connection):
        connection.execute("INSERT INTO meta VALUES (?, ?)", (name, value))
        return value

    return work


def names(connection):
    return [row[0] for row in connection.execute("SELECT key FROM meta ORDER BY key")]


def message(name, thread=None):
    return NewMessage(user="ada", client_message_id=name, text="hi", thread=thread)


# A database like the real one.


def test_it_is_like_the_real_one_where_work_fails(tmp_path, inline):
    """Each succeeds or is refused alone, whoever shared its commit."""

    async def scenario(database):
        def fail(connection):
            put("b", "never")(connection)
            raise ValueError("as asked")

        await database.write(put("a", "1"))
        outcomes = await asyncio.gather(
            database.write(fail),
            database.write(put("a", "2")),
            database.write(put("c", "3")),
            database.read(put("d", "4")),
            return_exceptions=True,
        )
        told = [
            outcome if isinstance(outcome, str) else type(outcome)
            for outcome in outcomes
        ]
        return told, await database.read(names), database.undone

    async def on_disk():
        async with Database(tmp_path / "real.db") as database:
            return await scenario(database)

    expected = asyncio.run(on_disk())

    assert all(seen == expected for seen in inline(scenario))
    assert expected == ([ValueError, StorageError, "3", StorageError], ["a", "c"], 1)


def test_several_callers_share_a_commit(inline):
    async def scenario(database):
        database.faults = DatabaseFaults(failed_writes=1.0)
        outcomes = await asyncio.gather(
            *(database.write(put(f"{n}", "")) for n in range(5)),
            return_exceptions=True,
        )
        assert all(isinstance(outcome, StorageError) for outcome in outcomes)
        return database.undone

    assert min(inline(scenario)) == 1, "one failure was that of all five"


def test_what_was_asked_for_first_is_committed_first(inline):
    async def scenario(database):
        order = []
        await asyncio.gather(
            *(database.write(lambda _, n=n: order.append(n)) for n in range(5))
        )
        return order

    assert [sorted(order) for order in inline(scenario)] == [[0, 1, 2, 3, 4]] * 50


def test_reads_see_what_had_returned_and_maybe_more(inline):
    async def scenario(database):
        await database.write(put("a", ""))
        reading = asyncio.create_task(database.read(names))
        writing = asyncio.create_task(database.write(put("b", "")))
        await writing
        assert "b" in await database.read(names)
        return tuple(await reading)

    assert set(inline(scenario)) == {("a",), ("a", "b")}


def test_a_commit_and_its_answer_are_steps_that_others_come_between(inline):
    async def scenario(database):
        seen = []
        loop = asyncio.get_running_loop()
        watching = [
            loop.call_later(n * 0.000_1, lambda: seen.append(has_written.done()))
            for n in range(30)
        ]
        has_written = loop.create_future()
        await database.write(lambda _: has_written.set_result(None))
        answered = len(seen)
        for timer in watching:
            timer.cancel()
        return seen[:answered].count(True), seen[:answered].count(False)

    between = inline(scenario)

    assert max(after for after, _ in between) > 3
    assert max(before for _, before in between) > 3


def test_a_caller_that_gave_up_still_has_its_change(inline):
    async def scenario(database):
        writing = asyncio.create_task(database.write(put("a", "")))
        await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        await asyncio.sleep(1.0)
        return await database.read(names)

    assert set(map(tuple, inline(scenario))) <= {("a",), ()}


def test_closing_commits_what_waits(tmp_path):
    async def main():
        store = InlineStore()
        database = InlineDatabase(tmp_path / "a.db", store=store)
        await database.open()
        writing = asyncio.create_task(database.write(put("a", "")))
        await asyncio.sleep(0.000_01)
        await database.close()
        await asyncio.wait([writing])
        await database.close()
        assert writing.exception() is None or isinstance(
            writing.exception(), StorageError
        )
        assert names(store.connection) == (["a"] if not writing.exception() else [])
        for ask in (database.read, database.write):
            with pytest.raises(StorageError, match="not open"):
                await ask(names)
        store.close()

    for seed in SEEDS:
        run_schedule(main, seed=seed)


def test_closing_reads_what_was_asked_for(tmp_path):
    async def main():
        store = InlineStore()
        database = InlineDatabase(tmp_path / "a.db", store=store)
        await database.open()
        reading = asyncio.create_task(database.read(names))
        loop = asyncio.get_running_loop()
        while loop.steps < 5:  # noqa: ASYNC110 - some have asked by now, some not
            await asyncio.sleep(0)
        await database.close()
        store.close()
        await asyncio.wait([reading])
        return reading.exception() is None

    assert True in [run_schedule(main, seed=seed).result for seed in SEEDS]


def test_it_can_be_copied_to_a_file(tmp_path, inline):
    async def scenario(database):
        await database.write(put("a", ""))
        await database.back_up(tmp_path / "copy.db")

    inline(scenario, seeds=[1])

    with sqlite3.connect(tmp_path / "copy.db") as connection:
        assert names(connection) == ["a"]
    connection.close()


# Faults.


def test_a_commit_that_fails_takes_all_back(inline):
    async def scenario(database):
        log = SQLiteLog(database)
        await log.start()
        posted = await log.post(message("m"), now=1.0)
        (leased,) = await log.lease(OWNER, limit=1, now=1.0)
        database.faults = DatabaseFaults(failed_writes=1.0)
        with pytest.raises(StorageError, match="disk I/O error"):
            await log.append(leased, [AgentStarted(agent="a", message=1)], now=1.0)
        assert database.undone == 1
        database.faults = DatabaseFaults()
        # What the log remembered of the first attempt must be forgotten as well.
        await log.append(leased, [AgentStarted(agent="a", message=1)], now=1.0)
        page = await log.tail(thread_log(posted.thread), max_bytes=10_000)
        return [entry.type for entry in page.entries]

    assert all(seen == ["user_message", "agent_started"] for seen in inline(scenario))


def test_an_answer_that_is_lost_hides_a_commit(inline):
    async def scenario(database):
        log = SQLiteLog(database)
        await log.start()
        database.faults = DatabaseFaults(lost_answers=1.0)
        with pytest.raises(StorageError, match="lost"):
            await log.post(message("m"), now=1.0)
        database.faults = DatabaseFaults()
        again = await log.post(message("m"), now=1.0)
        return again.is_duplicate, database.undone

    assert set(inline(scenario)) == {(True, 0)}


def test_a_refusal_stays_one_when_the_answer_is_lost(inline):
    """Its caller must not take a refusal for something to try again."""

    async def scenario(database):
        log = SQLiteLog(database)
        await log.start()
        database.faults = DatabaseFaults(lost_answers=1.0)
        with pytest.raises(RefusedError):
            await log.post(message("m", "nowhere"), now=1.0)

    inline(scenario, seeds=range(5))


def test_a_read_fails(inline):
    async def scenario(database):
        with pytest.raises(StorageError, match="disk I/O error"):
            await database.read(names)
        await database.write(put("a", ""))
        database.faults = DatabaseFaults()
        return await database.read(names)

    faults = DatabaseFaults(failed_reads=1.0)

    assert inline(scenario, seeds=[1], faults=faults) == [["a"]]


def test_it_takes_its_time(inline):
    async def scenario(database):
        began = asyncio.get_running_loop().time()
        await database.read(names)
        return asyncio.get_running_loop().time() - began

    slow = DatabaseFaults(delays=1.0, delay_within=60.0)

    assert max(inline(scenario)) < 0.1
    assert max(inline(scenario, faults=slow)) > 60.0


def test_faults_come_as_often_as_they_are_asked_for(inline):
    async def scenario(database):
        failed = 0
        for number in range(200):
            try:
                await database.write(put(f"{number}", ""))
            except StorageError:
                failed += 1
        return failed, len(await database.read(names))

    for failed, stored in inline(
        scenario, seeds=[1, 2], faults=DatabaseFaults(failed_writes=0.25)
    ):
        assert 20 < failed < 80
        assert failed + stored == 200


# Several databases on one store, as processes on one file.


def test_two_databases_share_what_is_stored(tmp_path):
    async def main(seed):
        store, noticed = InlineStore(), []
        async with (
            InlineDatabase(tmp_path / "a.db", store=store, seed=seed) as one,
            InlineDatabase(
                tmp_path / "a.db",
                store=store,
                on_foreign_commit=lambda: noticed.append(
                    asyncio.get_running_loop().time()
                ),
            ) as two,
        ):
            await two.write(put("a", ""))
            await asyncio.sleep(1.0)
            assert noticed == [], "its own commits are none of another's"
            began = asyncio.get_running_loop().time()
            await asyncio.gather(*(one.write(put(f"{n}", "")) for n in range(3)))
            assert await two.read(names) == ["0", "1", "2", "a"]
            await asyncio.sleep(1.0)
            assert 1 <= len(noticed) <= 3
            assert noticed[0] - began <= 0.3
            one.faults = DatabaseFaults(failed_writes=1.0)
            noticed.clear()
            with pytest.raises(StorageError):
                await one.write(put("b", ""))
            await asyncio.sleep(1.0)
            assert noticed == []
            await one.close()
            await two.write(put("c", ""))
        store.close()

    for seed in SEEDS:
        run_schedule(lambda seed=seed: main(seed), seed=seed)


def test_a_frozen_process_notices_and_answers_nothing(tmp_path):
    async def main(seed):
        loop = asyncio.get_running_loop()
        store, noticed = InlineStore(), []
        async with InlineDatabase(tmp_path / "a.db", store=store, seed=seed) as one:
            with loop.process("two"):
                two = InlineDatabase(
                    tmp_path / "a.db",
                    store=store,
                    on_foreign_commit=lambda: noticed.append(True),
                )
                await two.open()
                writing = asyncio.create_task(two.write(put("b", "")))
            loop.freeze("two")
            await one.write(put("a", ""))
            await asyncio.sleep(60.0)
            assert not writing.done()
            assert not noticed
            loop.thaw("two")
            await writing
            assert await one.read(names) == ["a", "b"]
            await asyncio.sleep(1.0)
            assert noticed == [True]
            await two.close()
        store.close()

    for seed in SEEDS:
        run_schedule(lambda seed=seed: main(seed), seed=seed)


# Schedules.


def test_a_log_keeps_its_order_whatever_the_schedule(inline):
    async def scenario(database):
        log = SQLiteLog(database)
        await log.start()
        first = await log.post(message("m0"), now=1.0)

        async def say(number):
            await asyncio.sleep(random.uniform(0.0, 0.003))
            posted = await log.post(message(f"m{number}", first.thread), now=1.0)
            return posted.number

        async def run():
            (leased,) = await log.lease(OWNER, limit=1, now=1.0)
            await log.append(leased, [AgentStarted(agent="a", message=1)], now=1.0)
            await log.append(leased, [AgentCompleted(length=0, duration=0)], now=1.0)

        said = [say(number) for number in range(1, 6)]
        *numbers, _ = await asyncio.gather(*said, run())
        page = await log.tail(thread_log(first.thread), max_bytes=10_000)
        assert [entry.number for entry in page.entries] == list(range(1, 9))
        assert len(set(numbers)) == 5
        return tuple(entry.type for entry in page.entries)

    assert len(set(inline(scenario))) > 5, "and that there are many of them"


def test_an_inline_database_costs_next_to_nothing_to_make(tmp_path):
    """A schedule makes one, and there are thousands: nothing is migrated again."""
    shutil.rmtree(tmp_path)
    first, second = InlineStore(), InlineStore()

    assert first.image() == second.image()
    assert not tmp_path.exists(), "and nothing is on a disk"
    for store in (first, second):
        store.close()
