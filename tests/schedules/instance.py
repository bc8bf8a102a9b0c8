"""One server process: a real manager on a database that others may share."""

import asyncio
import functools
import time
from unittest import mock

from goldenpath import WebSocketManager
from goldenpath.buses import LocalBus
from goldenpath.testing import InlineDatabase, LossyBus


class DistantBus:
    """A bus that is somewhere else: subscribing to it takes a moment."""

    def __init__(self, dice, bus, *, takes_within=0.01):
        self._dice = dice
        self._bus = bus
        self._takes_within = takes_within
        self.start, self.stop = bus.start, bus.stop
        self.publish, self.unsubscribe = bus.publish, bus.unsubscribe

    async def subscribe(self, log, heard):
        await asyncio.sleep(self._dice.uniform(0.0, self._takes_within))
        await self._bus.subscribe(log, heard)
        await asyncio.sleep(self._dice.uniform(0.0, self._takes_within))


class Instance:
    """A server process.

    Args:
        world: What it is part of.
        name: Also names the process, for ``freeze`` and ``thaw``.
        agent: Answers.
        settings: How it behaves.
        bus_faults: What its bus does wrong.
    """

    def __init__(self, world, name, *, agent, settings, bus_faults):
        self.name = name
        self.local_bus = LocalBus()
        bus = self.local_bus
        if world.dice.random() < 0.5:
            bus = DistantBus(world.dice, bus)
        self.bus = LossyBus(bus, seed=world.draw(), faults=bus_faults)
        database = functools.partial(
            InlineDatabase, store=world.store, seed=world.draw()
        )
        # The manager makes its database itself, as it should.
        with mock.patch("goldenpath._manager.Database", database):
            self.manager = WebSocketManager(
                agent=agent, settings=settings, bus=self.bus
            )
        # The default was bound when its module was read, to the real clock.
        self.authenticator._clock = time.time
        self.serving = set()
        self._app = self.manager.asgi(pages=False)

    @property
    def authenticator(self):
        return self.manager._authenticator

    @property
    def database(self):
        return self.manager._database

    @property
    def log(self):
        return self.manager._log

    @property
    def registry(self):
        return self.manager._registry

    @property
    def supervisor(self):
        return self.manager._supervisor

    async def start(self):
        await self.inside(self.manager.start())

    async def stop(self):
        await self.inside(self.manager.stop())

    def open(self, link, token):
        """Take a handshake; the connection lives in this process."""
        with asyncio.get_running_loop().process(self.name):
            task = asyncio.create_task(link.server.serve(self._app, token))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)
        return task

    async def wait_served(self):
        """Wait until nobody is connected."""
        while self.serving:
            await asyncio.wait(tuple(self.serving))

    async def inside(self, work):
        """Do something as this process: it is frozen with it."""
        with asyncio.get_running_loop().process(self.name):
            task = asyncio.create_task(work)
        return await task
