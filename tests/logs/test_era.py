"""A restored backup is noticed; a kill at any instant of a start is not one."""

import asyncio
import shutil

import pytest

from goldenpath.errors import StorageError
from goldenpath.logs import SQLiteLog, _era
from goldenpath.storage import Database


@pytest.fixture
def path(tmp_path):
    return tmp_path / "log.sqlite3"


@pytest.fixture
def beside(path):
    return path.with_name("log.sqlite3.incarnation")


class KilledError(Exception):
    pass


async def start(path):
    async with Database(path) as database:
        log = SQLiteLog(database)
        await log.start()
        return log._era


async def start_and_be_killed(path, beside, *, before_commit):
    """Begin an era and get no further than its commit, or not even so far."""
    async with Database(path) as database:

        def work(connection):
            era = _era.begin(connection, beside)
            if before_commit:
                raise KilledError
            return era

        try:
            return await database.write(work)
        except KilledError:
            return None


@pytest.mark.anyio
async def test_each_start_is_another_incarnation_of_the_same_epoch(path, beside):
    eras = [await start(path) for _ in range(3)]

    assert len({era.epoch for era in eras}) == 1
    assert len({era.incarnation for era in eras}) == 3
    assert beside.read_text() == eras[-1].incarnation


@pytest.mark.anyio
@pytest.mark.parametrize("before_commit", [True, False])
@pytest.mark.parametrize("kills", [1, 2, 3])
async def test_kills_during_starts_keep_the_epoch(path, beside, kills, before_commit):
    first = await start(path)

    for _ in range(kills):
        await start_and_be_killed(path, beside, before_commit=before_commit)
    last = await start(path)

    assert last.epoch == first.epoch
    assert last.incarnation != first.incarnation
    assert beside.read_text() == last.incarnation


@pytest.mark.anyio
async def test_a_database_without_its_file_begins_a_new_epoch(path, beside):
    """It was restored on another machine, or somebody wants a new one."""
    first = await start(path)
    beside.unlink()

    assert (await start(path)).epoch != first.epoch


@pytest.mark.anyio
async def test_an_older_copy_begins_a_new_epoch(path, beside, tmp_path):
    first = await start(path)
    shutil.copyfile(path, tmp_path / "copy")
    await start(path)
    shutil.copyfile(tmp_path / "copy", path)

    restored = await start(path)

    assert restored.epoch != first.epoch
    assert (await start(path)).epoch == restored.epoch


@pytest.mark.anyio
async def test_a_backup_of_this_very_start_begins_a_new_epoch_too(
    path, beside, tmp_path
):
    """Nothing else tells that numbers were taken back: the start is the same."""
    async with Database(path) as database:
        log = SQLiteLog(database)
        await log.start()
        await database.back_up(tmp_path / "copy")
        first = log._era
    shutil.copyfile(tmp_path / "copy", path)

    restored = await start(path)

    assert restored.epoch != first.epoch
    assert (await start(path)).epoch == restored.epoch


@pytest.mark.anyio
@pytest.mark.parametrize("before_commit", [True, False])
async def test_a_kill_does_not_hide_that_a_copy_was_restored(
    path, beside, tmp_path, before_commit
):
    first = await start(path)
    shutil.copyfile(path, tmp_path / "copy")
    await start(path)
    shutil.copyfile(tmp_path / "copy", path)

    await start_and_be_killed(path, beside, before_commit=before_commit)

    assert (await start(path)).epoch != first.epoch


@pytest.mark.anyio
async def test_starts_at_once_take_turns(path, beside):
    first = await start(path)

    eras = await asyncio.gather(*(start(path) for _ in range(5)))

    assert {era.epoch for era in eras} == {first.epoch}
    assert beside.read_text() in {era.incarnation for era in eras}
    assert (await start(path)).epoch == first.epoch


@pytest.mark.anyio
async def test_a_file_that_cannot_be_written_stops_the_start(path, beside):
    async with Database(path) as database:
        beside.with_name(beside.name + ".partial").mkdir()
        log = SQLiteLog(database)

        with pytest.raises(StorageError, match=r"cannot write '.*incarnation'"):
            await log.start()

        assert log.incarnation == ""
    beside.with_name(beside.name + ".partial").rmdir()
    assert (await start(path)).epoch
