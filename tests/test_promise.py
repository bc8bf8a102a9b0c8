"""P2 over schedules: whatever is lost, cut and repeated, every device ends right.

Everything is real, on loopback, except that the bus loses, repeats, delays and
reorders hints. A schedule is one user with two or three devices that do what a seed
says; a hundred run at once, so that commits, cuts and replays meet in all ways.
"""

import asyncio
import os
import random
import socket
import time

import argon2
import pytest
import uvicorn

from goldenpath import Settings, WebSocketManager
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._sessions import Sessions
from goldenpath.auth._users import Users
from goldenpath.buses import LocalBus
from goldenpath.client import HTTPClient
from goldenpath.errors import RefusedError
from goldenpath.storage import Database
from goldenpath.testing import LossyBus, WitnessClient, violations

SEED = int(os.environ.get("GOLDENPATH_SEED", "20261123"))
ROUNDS = 5
SCHEDULES = 100
STEPS = 8

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


async def agent(message, ctx):
    """Says things that a seed decides, with all kinds of events."""
    rng = random.Random(message)
    for _ in range(rng.randrange(1, 5)):
        if rng.random() < 0.3:
            await ctx.think("hm 𝄞 ")
        if rng.random() < 0.3:
            async with ctx.tool("dig", {"n": rng.random()}) as call:
                await call.progress(rng.random())
                call.result = rng.random()
        for _ in range(rng.randrange(1, 12)):
            yield rng.choice(["word ", "🎼", "é", "\n\n", "x" * 300])
            if rng.random() < 0.4:
                await asyncio.sleep(rng.choice([0.0, 0.005, 0.02]))
    if rng.random() < 0.1:
        raise ValueError("as the seed says")


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_every_device_ends_with_what_the_log_holds(tmp_path, number, caplog):
    seed = SEED + number
    print(f"GOLDENPATH_SEED={SEED}, round {number}")
    caplog.set_level("CRITICAL")  # failing agents are part of the schedule
    settings = Settings(
        data=tmp_path,
        heartbeat_every=0.1,
        frames_per_second=10_000.0,
        frames_burst=10_000,
        replay_events=40,  # so that some come back to a snapshot
    )
    manager = WebSocketManager(
        agent=agent, settings=settings, bus=LossyBus(LocalBus(), seed=seed)
    )
    tokens = await _users(manager, tmp_path, settings)
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    config = uvicorn.Config(
        manager.asgi(pages=False),
        ws="websockets-sansio",
        ws_ping_interval=None,
        log_config=None,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        async with asyncio.TaskGroup() as group:
            for index, token in enumerate(tokens):
                group.create_task(_schedule(url, token, f"{seed}-{index}"))
    finally:
        server.should_exit = True
        await serving


async def _users(manager, folder, settings):
    """Make users with open sessions; hashing their passwords is not the point."""
    cheap = Passwords(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    tokens = []
    async with Database(manager.database_path(folder)) as database:
        users = Users(database, cheap)
        sessions = Sessions(database, lasts=settings.session_lasts)
        for index in range(SCHEDULES):
            user = await users.add(f"user{index}", "a-password", now=time.time())
            opened = await sessions.create(
                user.id, password_hash=user.password_hash, now=time.time()
            )
            tokens.append(opened[0])
    return tokens


async def _schedule(url, token, name):
    rng = random.Random(name)
    async with HTTPClient(url, within=60.0) as http:
        http.token = token
        devices = [
            WitnessClient(http, name=f"{name}/{index}")
            for index in range(rng.randrange(2, 4))
        ]
        for device in devices:
            device.start()
        try:
            sent = await _act(rng, devices)
            for result in sent:
                await devices[0].wait_run_ended(result)
            await _settle(http, devices, {result.thread for result in sent})
        finally:
            for device in devices:
                await device.stop()


async def _act(rng, devices):
    """Do what the seed says; return what was sent."""
    sent = [await devices[0].say(f"{rng.random()}")]
    for _ in range(STEPS):
        device = rng.choice(devices)
        thread = rng.choice([result.thread for result in sent])
        match rng.choice(["send", "new", "cut", "cut", "cancel", "follow", "wait"]):
            case "send":
                sent.append(await device.say(f"{rng.random()}", thread=thread))
            case "new":
                sent.append(await device.say(f"{rng.random()}"))
            case "cut":
                device.cut()
            case "cancel":
                await device.cancel(run=rng.choice(sent).run)
            case "follow":
                await device.follow(thread)
            case "wait":
                await asyncio.sleep(rng.uniform(0.0, 0.05))
    for result in sent:
        await devices[0].follow(result.thread)
    return sent


async def _history(http, thread):
    """Ask for a log until the server has time for it, as it asks for."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await http.history(thread)
            except RefusedError as refusal:
                if not refusal.retryable:
                    raise
                await asyncio.sleep(refusal.retry_after or 0.1)


async def _settle(http, devices, threads):
    """Let every device come to the head of every thread, then ask the checker."""
    logs = {f"thread:{thread}": await _history(http, thread) for thread in threads}
    for device in devices:
        device.witness.may_read |= logs.keys()
        for thread in threads:
            replica = device.replica(thread)
            head = logs[f"thread:{thread}"][-1].number
            if f"thread:{thread}" in device.replicas and replica.cursor is None:
                await device.follow(thread)
            async with asyncio.timeout(30):
                await device.wait_for(
                    lambda replica=replica, head=head: (
                        replica.cursor is not None and replica.cursor.number >= head
                    )
                )

    assert violations([device.witness for device in devices], logs) == []
