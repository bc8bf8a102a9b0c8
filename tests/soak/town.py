"""A town: many people with their devices, on a server that goes through everything."""

import asyncio
import json
import random
import signal
import time
from collections import Counter
from pathlib import Path

from emulator import FaultProxy, Faults, seeded, websockets_only
from goldenpath.protocol._events import AgentInterrupted, InputRequested
from tests.faults.scene import PATIENCE, Scene
from tests.support.server import ServerProcess

ROOT = Path(__file__).parents[2]
_TROUBLED = ROOT / "tests" / "faults" / "troubled.py"
# A tenth of the usual, so that minutes show what otherwise takes the better part of
# an hour.
_SETTINGS = {
    "heartbeat_every": 2.0,
    "silent_after": 10.0,
    "lease_renew_every": 0.5,
    "lease_lapses_after": 3.0,
    "stalled_after": 2.0,
}
# Seconds from what a run said last until it has ended as interrupted: a lease lapses
# after three, and one fault may follow another before that is seen.
ENDED_WITHIN = 40.0
# What a connection may cost, with all that it may have queued, here and in the kernel.
CONNECTION_BYTES = 3 * 1024 * 1024


class TownServer(ServerProcess):
    """A server with troubles; see ``troubled.py``."""

    def __init__(self, data):
        super().__init__(data, agent="tests.soak.agent:agent", folder=ROOT)
        changes = {"settings": _SETTINGS, "limits": {}, "forgiven": None}
        self._program = (str(_TROUBLED), json.dumps(changes))

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def census(self):
        """Ask the process to write down what is in it."""
        self.send_signal(signal.SIGUSR1)

    def memory(self):
        """Return how many bytes it has."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        lines = dict(line.split(":", 1) for line in status.splitlines())
        return int(lines["VmRSS"].split()[0]) * 1024


class Town(Scene):
    """A scene that tells how it goes, and collects what should not be.

    Args:
        folder: For the data.
        people: How many.
        seed: Of everything that is drawn.

    Attributes:
        current: The server that people are sent to.
        threads: Of each person, by their name, as everybody may have found out.
        counts: What happened, and how often.
        wrong: What should not have happened.
        is_over: Set when people have to come to an end.
        rough: The proxy that mistreats bytes.
        plain: The one that does not.
    """

    def __init__(self, folder, *, people, seed):
        self.dice = random.Random(f"town {seed}")
        super().__init__(folder, *(f"user{number:02}" for number in range(people)))
        self.seed = seed
        self.people = self._people
        self.current = self.server
        self.threads = {}
        self.counts = Counter()
        self.wrong = []
        self.is_over = asyncio.Event()
        self.connection_bytes = [0.0]
        self._base_bytes = 0
        self._acknowledged = 0

    def another_server(self, **_):
        made = TownServer(self.data)
        made.log_path = self.data.parent / f"stderr-{made.port}.txt"
        self.__dict__.setdefault("_servers", []).append(made)
        return made

    async def __aenter__(self):
        await super().__aenter__()
        rule = websockets_only(seeded(self.seed))
        self.rough = await FaultProxy(self.server.port, rule).__aenter__()
        self.plain = await FaultProxy(self.server.port).__aenter__()
        self._base_bytes = self.server.memory()
        return self

    async def __aexit__(self, *_):
        await super().__aexit__()
        await self.rough.__aexit__()
        await self.plain.__aexit__()

    @property
    def proxies(self):
        return (self.rough, self.plain)

    def lead_to(self, server):
        """Send people to another server."""
        self.current = server
        for proxy in self.proxies:
            proxy.target = server.port
            proxy.cut()

    def trouble(self, **what):
        """Make these troubles, and end all others."""
        partial = self.data / "trouble.partial"
        partial.write_text(json.dumps(what))
        partial.rename(self.data / "trouble.json")

    async def rest(self, seconds):
        """Wait, or less if it is over."""
        try:
            async with asyncio.timeout(seconds):
                await self.is_over.wait()
        except TimeoutError:
            pass

    def measure(self):
        """Note what a connection costs just now."""
        connected = sum(pipe_count(proxy) for proxy in self.proxies)
        if self.current.is_running and connected > len(self.people) / 2:
            grown = self.current.memory() - self._base_bytes
            self.connection_bytes.append(grown / connected)

    def line(self, began):
        """Return a line about how it goes."""
        acknowledged = sum(len(d.witness.acknowledged) for d in self.devices)
        # In the end, those of deleted threads are checked and forgotten.
        self._acknowledged = max(self._acknowledged, acknowledged)
        welcomes = sum(device.welcomes for device in self.devices)
        faults = sum(n for what, n in self.counts.items() if what.startswith("fault "))
        return (
            f"{time.monotonic() - began:6.0f} s  "
            f"{self._acknowledged} messages acknowledged, {welcomes} connections, "
            f"{faults} faults, {len(self.wrong)} findings"
        )

    # The end.

    async def heal(self):
        """End all faults; leave one server that is ready."""
        self.trouble()
        for proxy in self.proxies:
            proxy.rule = lambda _: Faults()
            proxy.release("up")
            proxy.release("down")
            proxy.cut()
        if not self.current.is_running:
            self.current.start()
        await self.current.wait_ready(within=PATIENCE)

    async def judge(self):
        """Return everything that does not hold in the end: I1 to I9."""
        try:
            await self.settle()
        except (AssertionError, TimeoutError) as error:
            self.wrong += str(error).splitlines() or ["it does not come to rest"]
        self.wrong += late_ends(await self.logs())
        live = sum(device.stopped is None for device in self.devices)
        await self._expect_census("I7: open and registered", connections=live)
        for device in self.devices:
            await device.stop()
        await self._expect_census(
            "I7: after all have left", connections=0, greeting=0, listeners=0
        )
        if (most := max(self.connection_bytes)) > CONNECTION_BYTES:
            self.wrong.append(f"I8: a connection took {most:.0f} bytes")
        return self.wrong

    async def _expect_census(self, what, **expected):
        census = {}

        async def is_so():
            nonlocal census
            census = await self._census()
            return expected.items() <= census.items()

        try:
            async with asyncio.timeout(PATIENCE):
                while not await is_so():  # noqa: ASYNC110 - it does not tell
                    await asyncio.sleep(0.1)
        except TimeoutError:
            self.wrong.append(f"{what}: expected {expected}, found {census}")

    async def _census(self):
        """Return what is in the process now."""
        written = self.data / "census.json"
        written.unlink(missing_ok=True)
        self.current.census()
        while not written.exists():  # noqa: ASYNC110 - the process makes it
            await asyncio.sleep(0.02)
        return json.loads(written.read_text())


def pipe_count(proxy):
    return len(proxy.open_pipes)


def late_ends(logs):
    """Return the runs that had no end for long after their process was lost (I5).

    A run that asks a person may be silent for as long as it likes.
    """
    found = []
    for events in logs.values():
        said = {}
        asking = {e.run for e in events if isinstance(e.event, InputRequested)}
        for event in events:
            if isinstance(event.event, AgentInterrupted) and event.run not in asking:
                silence = event.time - said.get(event.run, event.time)
                if silence > ENDED_WITHIN:
                    found.append(f"I5: run {event.run} ended after {silence:.1f} s")
            said[event.run] = event.time
    return found
