"""What the town's server goes through, drawn from a seed."""

import asyncio
import resource
import signal
import subprocess

from goldenpath import WebSocketManager
from tests.faults.scene import PATIENCE


class Fate:
    """Strikes again and again, until it is over.

    Args:
        town: What it strikes.
    """

    def __init__(self, town):
        self.town = town
        self.dice = town.dice

    async def strike(self):
        """Go on until it is over; whatever a fault breaks is mended by its end."""
        faults = {
            self._cut: 20,
            self._stall: 15,
            self._kill: 15,
            self._stop: 15,
            self._stop_twice: 5,
            self._freeze: 10,
            self._freeze_and_kill: 5,
            self._take_over: 10,
            self._fill_the_disk: 8,
            self._lose_the_bus: 8,
        }
        while not self.town.is_over.is_set():
            await self.town.rest(self.dice.uniform(1.0, 5.0))
            if self.town.is_over.is_set():
                return
            (fault,) = self.dice.choices(list(faults), list(faults.values()))
            name = fault.__name__.strip("_").replace("_", " ")
            self.town.counts[f"fault {name}"] += 1
            self.town.measure()
            try:
                await fault()
            # A server that does not come back, or exits as it should not.
            except (AssertionError, TimeoutError, subprocess.TimeoutExpired) as error:
                self.town.wrong.append(f"after the fault {name!r}: {error!r}")
                if not self.town.current.is_running:
                    self.town.current.start()

    @property
    def server(self):
        return self.town.current

    def _a_while(self, most):
        return asyncio.sleep(self.dice.uniform(0.0, most))

    async def _start(self):
        self.server.start()
        await self.server.wait_ready(within=PATIENCE)

    # Of the network.

    async def _cut(self):
        for proxy in self.town.proxies:
            if self.dice.random() < 0.7:
                proxy.cut(self.dice.choice(("fin", "rst", "torn")))

    async def _stall(self):
        proxy = self.dice.choice(self.town.proxies)
        way = self.dice.choice(("up", "down"))
        proxy.stall(way)
        await self._a_while(4.0)
        proxy.release(way)

    # Of the process.

    async def _kill(self):
        self.server.kill()
        await self._a_while(1.0)
        await self._start()

    async def _stop(self):
        self.server.send_signal(signal.SIGTERM)
        status = await self.server.wait_exit(within=PATIENCE)
        assert status == 0, f"it exited with {status}"
        await self._start()

    async def _stop_twice(self):
        self.server.send_signal(signal.SIGTERM)
        await self._a_while(1.0)
        self.server.send_signal(signal.SIGTERM)
        await self.server.wait_exit(within=PATIENCE)
        await self._start()

    async def _freeze(self):
        self.server.freeze()
        await self._a_while(4.0)
        self.server.thaw()

    async def _freeze_and_kill(self):
        self.server.freeze()
        await self._a_while(4.0)
        self.server.kill()
        await self._start()

    async def _take_over(self):
        """Another one takes its place while it is frozen, and it wakes afterwards."""
        old = self.server
        old.freeze()
        new = self.town.another_server()
        new.start()
        try:
            await new.wait_ready(within=8.0)
        except AssertionError:
            # It was frozen within a write: nobody can do anything until it is gone.
            old.kill()
            await new.wait_ready(within=PATIENCE)
        self.town.lead_to(new)
        await self._a_while(5.0)
        if old.is_running:
            old.thaw()
            await self._a_while(2.0)
            old.send_signal(signal.SIGTERM)
            status = await old.wait_exit(within=PATIENCE)
            assert status == 0, f"the zombie exited with {status}"

    # Of what it needs.

    async def _fill_the_disk(self):
        pid = self.server.process.pid
        database = WebSocketManager.database_path(self.town.data)
        ahead = database.with_name(database.name + "-wal")
        room = max(4096, ahead.stat().st_size)
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, hard))
        await self._a_while(4.0)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    async def _lose_the_bus(self):
        self.town.trouble(bus="down")
        await self._a_while(4.0)
        self.town.trouble()
