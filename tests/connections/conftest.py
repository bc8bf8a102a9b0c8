"""Servers without sockets, and the check that nothing is left of them."""

import asyncio
import dataclasses
import logging

import pytest

from goldenpath._settings import Settings
from goldenpath.storage._sqlite import Database
from tests.support.world import World, echo


@pytest.fixture
async def make_world(tmp_path, caplog):
    """Make servers; afterwards nothing may be left of their connections."""
    before = asyncio.all_tasks()
    worlds = []

    async def make(agent=echo, **changes):
        settings = dataclasses.replace(
            Settings(data=tmp_path, delta_every=0.0, cancel_within=0.2), **changes
        )
        database = Database(tmp_path / "world.db")
        await database.open()
        world = World(database, settings, agent)
        await world.log.start()
        await world.supervisor.start()
        worlds.append(world)
        return world

    make.errors_are_meant = False
    yield make
    for world in worlds:
        await world.close()
        await world.database.close()
        assert len(world.registry) == 0
        assert not world.bus._listeners
    left = asyncio.all_tasks() - before
    # The test runner has a task of its own, and may begin it late.
    assert not [t for t in left if "TestRunner" not in t.get_coro().__qualname__]
    errors = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert make.errors_are_meant or not errors
