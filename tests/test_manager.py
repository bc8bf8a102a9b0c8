"""The one way in: what starts, what stops, and in which order."""

import asyncio
import contextlib
import sqlite3
import sys

import httpx2
import pytest

from goldenpath import Settings, WebSocketManager
from goldenpath._manager import DATABASE_NAME
from goldenpath.buses import LocalBus
from goldenpath.errors import BusError, SettingsError, StorageError
from goldenpath.storage._sqlite import Database

pytestmark = pytest.mark.anyio


async def echo(message, ctx):
    yield message


@pytest.fixture
def manager(tmp_path):
    return WebSocketManager(agent=echo, settings=Settings(data=tmp_path))


async def test_making_one_touches_nothing(tmp_path):
    WebSocketManager(agent=echo, settings=Settings(data=tmp_path / "data"))

    assert list(tmp_path.iterdir()) == []


async def test_it_is_ready_between_its_start_and_its_stop(manager, tmp_path):
    assert not manager.is_ready()
    async with manager:
        assert manager.is_ready()
        assert (tmp_path / DATABASE_NAME).exists()

    assert not manager.is_ready()


async def test_nothing_is_left_running_after_its_stop(manager):
    before = asyncio.all_tasks()
    async with manager:
        assert asyncio.all_tasks() > before

    assert asyncio.all_tasks() == before


async def test_a_drain_refuses_what_is_new_and_goes_on_serving_health(manager):
    async with manager:
        transport = httpx2.ASGITransport(manager.asgi())
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://chat.test"
        ) as browser:
            await manager.drain()
            answers = [
                (await browser.get(path)).status_code for path in ("/readyz", "/livez")
            ]

    assert answers == [503, 200]


async def test_it_can_be_started_again(manager):
    for _ in range(2):
        async with manager:
            posted = await manager._threads.post("ada", "hi", client_message_id="m")

    assert posted.is_duplicate


async def test_two_in_one_process_have_nothing_in_common(tmp_path):
    one, two = (
        WebSocketManager(agent=echo, settings=Settings(data=tmp_path / name))
        for name in ("one", "two")
    )
    async with one, two:
        await one._threads.post("ada", "hi", client_message_id="m")
        found, _ = await two._threads.page("ada", before=None, limit=5)

    assert list(found) == []


async def test_a_database_that_cannot_be_opened_is_said(tmp_path):
    (tmp_path / DATABASE_NAME).write_text("this is no database" * 100)
    manager = WebSocketManager(agent=echo, settings=Settings(data=tmp_path))
    with pytest.raises(StorageError, match="cannot open"):
        await manager.start()

    assert not manager.is_ready()


@contextlib.contextmanager
def held(folder):
    """Hold the database as a process does that is frozen in a transaction."""
    path = folder / DATABASE_NAME
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
def impatient(monkeypatch, tmp_path):
    """A manager whose database does not wait long for another process."""
    monkeypatch.setattr("goldenpath.storage._sqlite._BUSY_TIMEOUT_MS", 10)
    settings = Settings(data=tmp_path, poll_every=0.01)
    return WebSocketManager(agent=echo, settings=settings)


async def test_f10_a_database_that_somebody_holds_is_waited_for(impatient, tmp_path):
    """A crash would be repeated until then, and nobody would be told anything."""
    async with impatient:
        pass
    with held(tmp_path):
        await impatient.start()
        assert not impatient.is_ready()
        with pytest.raises(StorageError):
            await impatient._threads.create("ada", "too early")
    async with asyncio.timeout(10):
        while not impatient.is_ready():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)
    await impatient._threads.create("ada", "in time")
    await impatient.stop()


async def test_f10_a_stop_ends_the_wait_for_a_database(impatient, tmp_path):
    async with impatient:
        pass
    before = asyncio.all_tasks()
    with held(tmp_path):
        async with impatient:
            assert asyncio.all_tasks() > before

    assert asyncio.all_tasks() == before
    assert not impatient.is_ready()


async def test_f10_whatever_goes_wrong_at_the_start_is_tried_again(
    impatient, tmp_path, monkeypatch, caplog
):
    log_start = impatient._log.start
    failures = [StorageError("held"), StorageError("held"), RuntimeError("a bug")]

    async def start():
        if failures:
            raise failures.pop(0)
        await log_start()

    monkeypatch.setattr(impatient._log, "start", start)
    async with impatient:
        async with asyncio.timeout(10):
            while not impatient.is_ready():  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.01)

    assert [record.levelname for record in caplog.records] == [
        "WARNING",
        "ERROR",
        "WARNING",
    ]


class StrangeBus(LocalBus):
    """A bus of somebody else's, which does not say what it should."""

    def __init__(self):
        super().__init__()
        self.failures = [RuntimeError("a bug"), OSError("refused"), BusError("away")]

    async def start(self):
        if self.failures:
            raise self.failures.pop(0)


async def test_f11_a_bus_that_fails_in_any_way_is_started_again(tmp_path, caplog):
    """People are served meanwhile, and it is said that it is lacking."""
    settings = Settings(data=tmp_path, poll_every=0.01)
    manager = WebSocketManager(agent=echo, settings=settings, bus=StrangeBus())
    async with manager, asyncio.timeout(10):
        assert manager.is_ready()
        assert manager.lacking() == ("bus",)
        while manager.lacking():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)

    messages = [record.getMessage() for record in caplog.records]
    assert messages == [
        "without the bus, logs are polled: a bug",
        "the bus is there",
    ]


async def test_an_origin_that_is_none_is_said_when_it_is_made(tmp_path):
    with pytest.raises(SettingsError, match="is not an origin"):
        WebSocketManager(
            agent=echo, settings=Settings(data=tmp_path, origins=("*.example.com",))
        )


async def test_without_fastapi_the_router_says_what_to_install(manager, monkeypatch):
    monkeypatch.setitem(sys.modules, "fastapi", None)
    with pytest.raises(SettingsError, match="pip install fastapi"):
        manager.router()

    assert manager.routes()


async def test_what_another_process_queued_is_run_by_this_one(tmp_path):
    """Only the database connects the two."""
    settings = Settings(data=tmp_path, foreign_check_every=0.02)
    manager = WebSocketManager(agent=echo, settings=settings)
    async with manager:
        posted = await manager._threads.post("ada", "one", client_message_id="1")
        async with Database(manager.database_path(tmp_path)) as elsewhere:

            def queue(connection):
                connection.execute(
                    "INSERT INTO runs"
                    " (id, thread, user, client_message_id, message, place, state)"
                    " SELECT 'again', thread, user, client_message_id, message,"
                    " place + 1, 'queued' FROM runs WHERE id = ?",
                    (posted.run,),
                )

            await elsewhere.write(queue)

        def state(connection):
            rows = connection.execute("SELECT state FROM runs WHERE id = 'again'")
            return rows.fetchone()[0]

        async with asyncio.timeout(10):
            while await manager._database.read(state) != "completed":  # noqa: ASYNC110
                await asyncio.sleep(0.005)
