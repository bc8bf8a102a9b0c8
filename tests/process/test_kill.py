"""Two hundred kills at random instants, and what is left afterwards."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from goldenpath.errors import RefusedError
from goldenpath.protocol import AgentInterrupted
from tests.faults.scene import PATIENCE, Scene
from tests.support.server import ServerProcess

KILLS = int(os.environ.get("GOLDENPATH_KILLS", "200"))
SEED = int(os.environ.get("GOLDENPATH_SEED", "20261123"))
HERE = Path(__file__).parent

pytestmark = [pytest.mark.anyio, pytest.mark.process, pytest.mark.timeout(600)]


class Nursery:
    """Starts servers fast; see ``nursery.py``."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, HERE / "nursery.py"],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def ask(self, **what):
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


class Child:
    """What is needed of a process that somebody else has started."""

    def __init__(self, nursery, pid):
        self.pid = pid
        self._nursery = nursery

    def poll(self):
        """Say that it runs: it is only ever ended by its kill."""

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def wait(self):
        return self._nursery.ask(wait=self.pid)


class NurseryServer(ServerProcess):
    """``goldenpath serve``, started by a nursery."""

    nursery: Nursery

    def start(self):
        arguments = [
            "serve", "--data", str(self.data), "--port", str(self.port),
            "--agent", "chatty:agent", "--log-level", "warning",
        ]  # fmt: skip
        pid = self.nursery.ask(start=arguments, log=str(self.log_path))
        self.process = Child(self.nursery, pid)

    def kill(self):
        super().kill()
        self.process = None


class NurseryScene(Scene):
    """A scene whose server is started by a nursery."""

    interrupted_within = 20.0

    def __init__(self, folder, *people, nursery):
        self._nursery = nursery
        super().__init__(folder, *people)

    def another_server(self, **_):
        made = NurseryServer(self.data)
        made.nursery = self._nursery
        made.log_path = self.data.parent / "stderr.txt"
        self.__dict__.setdefault("_servers", []).append(made)
        return made


async def talk(device, stop):
    """Send, wait for the end, and retry what was interrupted, again and again."""
    thread = None
    number = 0
    while not stop.is_set():
        number += 1
        sent = await device.say(f"{device.witness.name}{number}", thread=thread)
        thread = sent.thread
        state = await device.wait_run_ended(sent)
        if state == "interrupted" and number % 2:
            again = await device.retry(sent.run)
            assert await device.wait_run_ended(again) in ("completed", "interrupted")


async def test_f53_nothing_is_lost_or_doubled_by_two_hundred_kills(tmp_path, observe):
    """P1 to P4 over kill -9 at random instants, on the real program."""
    print(f"seed {SEED}")
    dice = random.Random(SEED)
    with Nursery() as nursery:
        async with NurseryScene(tmp_path, "ann", "bob", nursery=nursery) as scene:
            ann = await scene.live("ann", back_off_most=0.05)
            looking_on = await scene.live("ann", back_off_most=0.05)
            bob = await scene.live("bob", back_off_most=0.05)
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(talk(ann, stop))
                group.create_task(talk(bob, stop))
                for _ in range(KILLS):
                    await _live_a_while(scene.server, dice)
                    scene.server.kill()
                    scene.server.start()
                await scene.server.wait_ready()
                stop.set()
            await scene.settle()
            logs = await scene.logs()
            await _look(scene, logs, (ann, looking_on, bob))
    observe("F53", ours="each run had exactly one end after two hundred kills")


async def _live_a_while(server, dice):
    """Let it live for a moment, or for long enough to finish an answer."""
    # Not a wait: the instant is what is being tried, that of a start included.
    if dice.random() < 0.88:
        await asyncio.sleep(dice.uniform(0.0, 0.16))
    else:
        await server.wait_ready(within=PATIENCE)
        await asyncio.sleep(dice.uniform(0.2, 0.6))


async def _look(scene, logs, devices):
    ends = set(scene.runs().values())
    # Otherwise nothing was tried.
    assert {"completed", "interrupted"} <= ends
    assert (
        sum(
            isinstance(event.event, AgentInterrupted)
            for events in logs.values()
            for event in events
        )
        > KILLS / 10
    )
    for device in (devices[0], devices[2]):
        assert len(device.witness.acknowledged) > KILLS / 20
    (thread,) = {sent.thread for sent in devices[0].witness.acknowledged}
    with pytest.raises(RefusedError, match="no thread"):
        await scene.http("bob").history(thread)
