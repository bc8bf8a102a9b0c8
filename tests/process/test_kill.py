"""Fifty kills at random instants, and what is left afterwards."""

import asyncio
import os
import random
from pathlib import Path

import pytest

from goldenpath.cli._probe import _Walk
from goldenpath.client import HTTPClient
from goldenpath.errors import RefusedError
from goldenpath.protocol import AgentInterrupted
from goldenpath.testing import Evidence, WitnessClient, violations
from tests.support.server import PASSWORD, ServerProcess, make_users

KILLS = 50
SEED = int(os.environ.get("GOLDENPATH_SEED", "20261123"))

pytestmark = [pytest.mark.anyio, pytest.mark.process, pytest.mark.timeout(400)]


async def talk(device: WitnessClient, stop: asyncio.Event) -> None:
    """Send, wait for the end, and retry what was interrupted, again and again."""
    thread = None
    number = 0
    while not stop.is_set():
        number += 1
        sent = await device.say(f"{device.witness.name}{number}", thread=thread)
        device.witness.may_read.add(f"thread:{sent.thread}")
        thread = sent.thread
        state = await device.wait_run_ended(sent)
        if state == "interrupted" and number % 2:
            again = await device.retry(sent.run)
            assert await device.wait_run_ended(again) in ("completed", "interrupted")


async def test_nothing_is_lost_or_doubled_by_fifty_kills(tmp_path):
    """P1 to P4 over kill -9 at random instants, on the real program."""
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    await make_users(tmp_path, "ann", "bob")
    server = ServerProcess(tmp_path, agent="chatty:agent", folder=Path(__file__).parent)
    server.start()
    try:
        await _kill_and_look(server, rng)
    finally:
        server.kill()


async def _kill_and_look(server: ServerProcess, rng: random.Random) -> None:
    async with HTTPClient(server.url) as ann, HTTPClient(server.url) as bob:
        await server.wait_ready()
        await ann.login("ann", PASSWORD)
        await bob.login("bob", PASSWORD)
        first = WitnessClient(ann, name="ann")
        second = WitnessClient(ann, name="ann2")
        third = WitnessClient(bob, name="bob")
        stop = asyncio.Event()
        async with first, second, third:
            for device in (first, second, third):
                await device.wait_live()
            async with asyncio.TaskGroup() as group:
                group.create_task(talk(first, stop))
                group.create_task(talk(third, stop))
                for kill in range(KILLS):
                    # Not a wait: the instant is what is being tried.
                    await asyncio.sleep(rng.uniform(0.0, 0.5))
                    server.kill()
                    server.start()
                    await server.wait_ready()
                    await _probe(server, "ann" if kill % 2 else "bob")
                stop.set()
            await _compare(server, ann, bob, first, second, third)


async def _probe(server: ServerProcess, user: str) -> None:
    http = HTTPClient(server.url)
    walk = _Walk(http, user, PASSWORD, message="probe", within=20.0, keep=False)
    steps = await walk.run()
    assert all(step.ok for step in steps), steps


async def _compare(server, ann, bob, first, second, third) -> None:
    # The second device of ann looked on from its user log only; now it looks.
    threads = {ann: await ann.threads(), bob: await bob.threads()}
    for summary in threads[ann]:
        second.witness.may_read.add(f"thread:{summary.id}")
        replica = await second.follow(summary.id)
        head = first.replica(summary.id)
        await second.wait_for(
            lambda replica=replica, head=head: replica.cursor == head.cursor
        )
    logs = {}
    for http in (ann, bob):
        for summary in threads[http]:
            logs[f"thread:{summary.id}"] = await http.history(summary.id)
    interrupted = [
        event
        for events in logs.values()
        for event in events
        if isinstance(event.event, AgentInterrupted)
    ]
    assert interrupted, "no kill met a run: nothing was tried"
    for device in (first, third):
        assert device.witness.acknowledged
    witnesses = [first.witness, second.witness, third.witness]
    evidence = Evidence(server_log=server.log(), interrupted_within=20.0)
    assert violations(witnesses, logs, evidence=evidence) == []
    with pytest.raises(RefusedError, match="no thread"):
        await bob.history(threads[ann][0].id)
