"""Faults of the server and its host, on real processes."""

import asyncio
import contextlib
import fcntl
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from emulator import Emulator, Platform
from goldenpath import WebSocketManager
from goldenpath.protocol import UserMessage, thread_log
from goldenpath.protocol._frames import Draining, ErrorFrame, Result, Send
from tests.faults.moods import counted
from tests.faults.scene import HERE, PATIENCE, Crowd, Scene, allow_files, mount, unmount
from tests.support.cgroups import little_memory, little_processor
from tests.support.raw import RawPeer, frame

pytestmark = [pytest.mark.anyio, pytest.mark.process]

# So short that a test can wait until a lease has lapsed.
SHORT_LEASES = {"lease_renew_every": 0.3, "lease_lapses_after": 1.5}


async def status_of(url):
    """Return how a path is answered."""
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
        return (await http.get(url)).status_code


async def begun(device, sent):
    """Wait until the first word of an answer is shown."""
    async with asyncio.timeout(PATIENCE):
        await device.wait_for(lambda: "before" in str(device.answers(sent.thread)))


# F51 and F52: told to stop.


async def test_f51_a_stop_loses_nothing_and_leaves_what_waits_to_the_next(
    tmp_path, observe
):
    """A short run ends by itself, a long one is interrupted, a queued one waits."""
    async with Scene(tmp_path, "ann", "bob") as scene:
        ann, also_ann, bob = [await scene.live(n) for n in ("ann", "ann", "bob")]
        short = await bob.say("count 60 0.03")
        long = await ann.say(f"hold {tmp_path / 'never'}")
        await also_ann.follow(long.thread)
        queued = await ann.say("count 3 0", thread=long.thread)
        await begun(also_ann, long)
        scene.server.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await also_ann.wait_for(
                lambda: any(isinstance(f, Draining) for f in also_ann.witness.frames)
            )
        # There is nothing before it in its thread; it waits all the same.
        late = await also_ann.say("count 4 0")
        # It promises eight seconds; here that is only waited for.
        status = await scene.server.wait_exit(within=PATIENCE)
        between = scene.runs()
        scene.server.start()
        await scene.settle()

        assert status == 0
        assert between == {
            short.run: "completed",
            long.run: "interrupted",
            queued.run: "queued",
            late.run: "queued",
        }
        assert list(scene.runs().values()) == [
            "completed", "interrupted", "completed", "completed"
        ]  # fmt: skip
        assert bob.answers(short.thread) == [
            ("count 60 0.03", counted("count 60 0.03"))
        ]
        assert also_ann.answers(long.thread) == ann.answers(long.thread)
        assert ann.answers(long.thread)[1] == ("count 3 0", counted("count 3 0"))
        for device in (ann, also_ann, bob):
            told = [f for f in device.witness.frames if isinstance(f, Draining)]
            assert [frame.reason for frame in told] == ["deploy"]
            # 1006 are the attempts before the next one listened.
            assert {code for code, _ in device.closes} <= {1001, 1006}
    observe(
        "F51",
        ours="exit status 0; nothing was lost, and what was queued ran in the next",
    )


@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGINT])
async def test_f52_a_second_signal_stops_it_at_once(tmp_path, observe, again):
    """Whatever an agent does, and in the middle of the drain."""
    async with Scene(tmp_path, "ann") as scene:
        ann = await scene.live("ann")
        sent = await ann.say(f"deaf {tmp_path / 'never'}")
        await begun(ann, sent)
        scene.server.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await ann.wait_for(
                lambda: any(isinstance(f, Draining) for f in ann.witness.frames)
            )
        scene.server.send_signal(again)
        status = await scene.server.wait_exit(within=PATIENCE)
        left = scene.runs()
        scene.server.start()
        await scene.settle()

        assert status == 128 + again
        # Nothing was waited for: the run had no end before the next start.
        assert left == {sent.run: "running"}
        assert scene.runs() == {sent.run: "interrupted"}
    observe("F52", ours="it was gone at once, and the next start ended its run")


# F54 and F55: frozen.


async def test_f54_a_process_that_wakes_after_its_lease_writes_nothing(
    tmp_path, observe
):
    """Another took over; what the zombie says is refused, and it goes on in peace."""
    go = tmp_path / "go"
    async with Scene(tmp_path, "ann", settings=SHORT_LEASES) as scene:
        old = await scene.live("ann")
        sent = await old.say(f"hold {go}")
        await begun(old, sent)
        await freeze_between_writes(scene)
        successor = scene.another_server(settings=SHORT_LEASES)
        successor.start()
        await successor.wait_ready()
        new = await scene.live("ann", url=successor.url)
        await new.follow(sent.thread)
        assert await new.wait_run_ended(sent) == "interrupted"
        again = await new.retry(sent.run)
        scene.server.thaw()
        go.touch()
        said = tmp_path / f"go.{scene.server.process.pid}"
        await scene.wait(said.exists, "the zombie's agent has said its last word")
        assert await new.wait_run_ended(again) == "completed"
        # It is a process like any other from now on, and shows what others write.
        late = await old.say("count 5 0", thread=sent.thread)
        assert await old.wait_run_ended(late) == "completed"
        await scene.settle()

        assert scene.runs() == {
            sent.run: "interrupted",
            again.run: "completed",
            late.run: "completed",
        }
        shown = [part.text for part in _parts(new, sent)]
        assert shown == ["before "]
    observe("F54", ours="its words were refused; the run had ended once, by the other")


def _parts(device, sent):
    items = device.replica(sent.thread).transcript.items
    (run,) = (item for item in items if getattr(item, "run", None) == sent.run)
    return run.parts


async def freeze_between_writes(scene):
    """Freeze the server where it holds no lock on the database."""
    path = WebSocketManager.database_path(scene.data)
    while True:
        scene.server.freeze()
        with contextlib.closing(sqlite3.connect(path, timeout=0.5)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                scene.server.thaw()
            else:
                connection.rollback()
                return


async def test_f54_frozen_within_a_write_it_is_waited_for_until_it_is_killed(
    tmp_path, observe
):
    """Its lock cannot be taken from it: the successor says so, and is alive."""
    flag = tmp_path / "freeze"
    async with Scene(
        tmp_path, "ann", agent="frozen:agent", environment={"FREEZE": str(flag)}
    ) as scene:
        ann = await scene.live("ann")
        sent = await ann.say(f"hold {tmp_path / 'never'}")
        await begun(ann, sent)
        flag.touch()
        # Whatever it writes next; it may never be acknowledged.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.0):
                await ann.say("x")
        await scene.wait(lambda: is_stopped(scene.server), "it has frozen itself")
        successor = scene.another_server()
        successor.start()
        await _wait_listening(successor.url)
        while_frozen = [
            await status_of(f"{successor.url}/{path}") for path in ("readyz", "livez")
        ]
        with RawPeer(successor.port) as peer:
            handshake, _, _ = await asyncio.to_thread(peer.open)
        scene.server.kill()
        await successor.wait_ready(within=PATIENCE)
        # The device belongs to the dead one's address.
        await ann.stop()
        new = await scene.live("ann", url=successor.url)
        await new.follow(sent.thread)
        ended = await new.wait_run_ended(sent)
        await scene.settle()

        assert while_frozen == [503, 200]
        assert handshake == 503
        assert ended == "interrupted"
    observe("F54", ours="frozen within a write: its successor was not ready until then")


def is_stopped(server):
    """Tell whether a process is frozen."""
    status = Path(f"/proc/{server.process.pid}/stat").read_text()
    return status.rpartition(")")[2].split()[0] == "T"


async def _wait_listening(url):
    """Wait until anything is answered."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await status_of(f"{url}/livez")
            except httpx2.TransportError:
                await asyncio.sleep(0.05)


async def test_f55_a_run_goes_on_when_its_frozen_instance_wakes(tmp_path, observe):
    """The host bills requests: who is not connected leaves it without a processor."""
    go = tmp_path / "go"
    scene = Scene(tmp_path, "ann", starts=False)
    platform = Platform(
        command=(
            sys.executable, "-m", "goldenpath", "serve", "--port", "{port}",
            "--data", str(scene.data), "--agent", "moods:agent",
            "--log-level", "warning",
        ),
        folder=HERE,
        billing="request",
        request_timeout=3600.0,
        scale_in_after=None,
        probe="http:/readyz",
    )  # fmt: skip
    async with scene, Emulator(platform, folder=tmp_path) as emulator:
        ann = await scene.live("ann", url=emulator.url)
        sent = await ann.say(f"hold {go}")
        await begun(ann, sent)
        await ann.stop()
        (instance,) = emulator.alive()
        await scene.wait(lambda: instance.is_stopped, "the instance is frozen")
        go.touch()
        frozen = scene.runs()
        ann.start()
        assert await ann.wait_run_ended(sent) == "completed"
        await scene.settle()

        assert frozen == {sent.run: "running"}
        assert ann.answers(sent.thread) == [(f"hold {go}", "before after")]
        assert len(emulator.instances) == 1
        assert " ERROR " not in instance.log()
    observe("F55", ours="the run stood still with its instance, and went on with it")


# F56: hardly any processor.


async def test_f56_with_a_twentieth_of_a_processor_nobody_is_disconnected(
    tmp_path, observe
):
    """It is slow to hear and to speak; silence is not theirs, and not taken for it."""
    # A tenth of the usual, so that several verdicts fall within the test.
    tenth = {"heartbeat_every": 2.0, "silent_after": 4.5}
    async with Scene(tmp_path, "ann", "bob", settings=tenth) as scene:
        devices = [await scene.live("ann") for _ in range(6)]
        devices += [await scene.live("bob") for _ in range(6)]
        sent = await devices[0].say("count 30 0.2")
        for device in devices[1:6]:
            await device.follow(sent.thread)
        async with little_processor(scene.server.process, 0.05):
            async with asyncio.timeout(PATIENCE):
                await devices[5].wait_run_ended(sent)
        await scene.settle()

        # Each was asked for a sign of life meanwhile, and none was given up.
        assert [device.closes for device in devices] == [[]] * 12
        assert {device.welcomes for device in devices} == {1}
        for device in devices[:6]:
            assert device.answers(sent.thread) == [
                ("count 30 0.2", counted("count 30 0.2"))
            ]
    observe("F56", ours="slow, and nobody was disconnected")


async def test_f56_a_processor_that_comes_in_long_slices_disconnects_nobody(
    tmp_path, observe
):
    """It stands still for longer than a peer may be silent, and then has much to do.

    What the others said meanwhile has yet to be read when the verdict is due.
    """
    hasty = {"heartbeat_every": 0.8, "silent_after": 1.8}
    people = [f"user{number}" for number in range(4)]
    async with Scene(tmp_path, *people, settings=hasty) as scene:
        tokens = list(scene.tokens.values())
        async with Crowd(scene.server.port, tokens, 40) as crowd:
            await crowd.wait(lambda now: now["live"] == 40)
            scene.server.freeze()
            # Not a wait: so long it gets no processor.
            await asyncio.sleep(2.5)
            scene.server.thaw()
            # Whoever is asked for a sign of life, and gives it, is heard.
            pings = (await crowd.status())["pings"]
            await crowd.wait(lambda now: now["pings"] >= pings + 2)
            after = await crowd.status()

        assert after["live"] == 40
        assert after["codes"] == {}
    observe("F56", ours="it stood still, and took nobody's silence for theirs")


# F61: memory.


async def test_f61_a_flood_stays_below_the_limit_of_memory(tmp_path, observe):
    """Each of many is owed megabytes, reads none of them, and asks for more."""
    people = ("ann", "bob", "cid", "dan", "eve")
    with little_memory(256 * 1024 * 1024) as limit:
        async with Scene(tmp_path, *people, started=limit) as scene:
            honest = await scene.live("ann")
            with contextlib.ExitStack() as stack:
                for name in people[1:]:
                    await asyncio.to_thread(_flood, scene, name, stack)
                sent = await honest.say("count 20 0.01")
                assert await honest.wait_run_ended(sent) == "completed"
                await scene.wait(
                    lambda: set(scene.runs().values()) == {"completed"},
                    "all that is owed is there",
                )
            await scene.settle()

            assert scene.server.process.poll() is None
    observe("F61", ours="a flood stayed below the limit")


def _flood(scene, name, stack):
    """Open connections of somebody; on each, ask for two megabytes and read nothing."""
    bearer = ("Authorization", f"Bearer {scene.tokens[name]}")
    for number in range(8):
        peer = stack.enter_context(RawPeer(scene.server.port, receive_buffer=4096))
        assert peer.open(headers=[bearer])[0] == 101
        _say(peer, frame="hello", device="d")
        ask = {"client_message_id": f"m{number}", "text": "fill 1000 2000"}
        _say(peer, frame="send", id="1", **ask)
        while (answer := json.loads(peer.read_frame()[1]))["frame"] != "result":
            pass
        _say(peer, frame="subscribe", id="2", thread=answer["thread"])


def _say(peer, **fields):
    peer.send(frame(json.dumps(fields)))


async def test_f61_what_the_kernel_kills_is_ended_by_the_next_start(tmp_path, observe):
    """An agent that takes all memory takes its process with it, and no run's end."""
    with little_memory(200 * 1024 * 1024, kills=True) as limit:
        async with Scene(tmp_path, "ann", started=limit) as scene:
            ann = await scene.live("ann")
            other = await ann.say(f"hold {tmp_path / 'never'}")
            await begun(ann, other)
            eater = await ann.say("eat")
            status = await scene.server.wait_exit(within=PATIENCE)
            scene.server.start()
            await scene.settle()

            assert status == -signal.SIGKILL
            assert scene.runs() == {other.run: "interrupted", eater.run: "interrupted"}
    observe(
        "F61", ours="killed by the kernel: each run had one end after the next start"
    )


# F62, F63, F64.


async def test_f62_it_says_that_it_lives_while_its_store_is_blocked(tmp_path, observe):
    """A host that asks is not told about the store: a restart would not help that."""
    async with Scene(tmp_path, "ann") as scene:
        ann = await scene.live("ann")
        http = scene.http("ann")
        with blocked_store(scene):
            asked = [
                asyncio.create_task(ann.say("hi")),
                asyncio.create_task(http.threads()),
            ]
            alive = [await status_of(f"{scene.server.url}/livez") for _ in range(20)]
            are_held = [not task.done() for task in asked]
        sent, threads = await asyncio.gather(*asked)
        await ann.wait_run_ended(sent)
        await scene.settle()

        assert alive == [200] * 20
        assert are_held == [True, True]
        assert [thread.id for thread in threads] in ([], [sent.thread])
    observe("F62", ours="it answered at once, each time")


@contextlib.contextmanager
def blocked_store(scene):
    """Take all the locks by which SQLite lets anybody read or write."""
    path = WebSocketManager.database_path(scene.data)
    with path.with_name(path.name + "-shm").open("r+b") as shared:
        # Eight bytes from 120 on: https://www.sqlite.org/walformat.html
        fcntl.lockf(shared, fcntl.LOCK_EX, 8, 120)
        yield


@pytest.mark.timeout(300)
async def test_f63_a_thousand_are_served_and_the_next_is_told_to_come_later(
    tmp_path, observe
):
    """The limit is a number of its own, and not where descriptors run out."""
    allow_files(4000)
    people = [f"user{number}" for number in range(63)]
    most = {"connections_at_once": 1000, "handshakes_per_second": 500.0}
    async with Scene(tmp_path, *people, settings=most) as scene:
        tokens = list(scene.tokens.values())
        async with Crowd(scene.server.port, tokens, 999) as crowd:
            full = await crowd.wait(lambda now: now["live"] == 999)
            # The last one that has room says something to each of those devices.
            async with scene.peer("user0") as last:
                await last.hello()
                readyz = await status_of(f"{scene.server.url}/readyz")
                livez = await status_of(f"{scene.server.url}/livez")
                async with scene.peer("user1") as next_one:
                    closed = await next_one.wait_closed()
                sent = await last.ask(Send, client_message_id="m", text="hi")
            await scene.wait(
                lambda: scene.runs() == {sent.run: "completed"}, "the run has ended"
            )
            # One has left: there is room again, for somebody who reaches everybody.
            for name in people[1:]:
                async with scene.peer(name) as peer:
                    await peer.hello()
                    answer = await peer.ask(Send, client_message_id="m", text="hi")
                    assert isinstance(answer, Result)
            await crowd.wait(lambda now: now["events"] >= full["events"] + 3)

        assert (readyz, livez) == (503, 200)
        assert closed[0] == 1013
        assert float(closed[1].removeprefix("retry_after=").split()[0]) > 0.0
        assert scene.server.errors() == []
    observe("F63", ours="a thousand were served; the next was told when to come back")


@pytest.mark.parametrize("how", ["tmpfs", "limit"])
async def test_f64_a_full_disk_acknowledges_nothing_and_recovers(
    tmp_path, observe, how
):
    """What is refused is not stored, what is acknowledged is, and all goes on."""
    async with Scene(tmp_path, "ann", on_tmpfs=how == "tmpfs") as scene:
        ann = await scene.live("ann")
        running = await ann.say(f"hold {tmp_path / 'go'}")
        await begun(ann, running)
        database = WebSocketManager.database_path(scene.data)
        ahead = database.with_name(database.name + "-wal")
        thread = running.thread
        async with scene.peer("ann") as peer:
            await peer.hello()
            while ahead.stat().st_size < 256 * 1024:
                filler = await ann.say("count 3 0")
                await ann.wait_run_ended(filler)
            with full_disk(scene, how):
                message = {"client_message_id": "m", "text": "hi", "thread": thread}
                refused = await peer.ask(Send, **message)
                stored = scene.rows(
                    "SELECT * FROM idempotency WHERE client_message_id = 'm'"
                )
                # A run that wants to go on cannot either; reading can.
                (tmp_path / "go").touch()
                before = await scene.http("ann").history(thread)
                health = [
                    await status_of(f"{scene.server.url}/{path}") for path in ("livez",)
                ]
            taken = await peer.ask(Send, **message)
            while isinstance(taken, ErrorFrame):
                taken = await peer.ask(Send, **message)
        await scene.settle()
        events = (await scene.logs())[thread_log(thread)]
        asked = [f.event.text for f in events if isinstance(f.event, UserMessage)]

        assert (refused.code, refused.retryable) == ("unavailable", True)
        assert stored == []
        assert len(before) > 0
        assert health == [200]
        assert isinstance(taken, Result)
        assert asked == [f"hold {tmp_path / 'go'}", "hi"]
        assert scene.runs()[running.run] in ("completed", "failed")
        assert scene.runs()[taken.run] == "completed"
    observe("F64", ours="refused and not stored, until there was room again")


@contextlib.contextmanager
def full_disk(scene, how):
    """Let nothing more be written into the server's data."""
    if how == "limit":
        pid = scene.server.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 * 1024, hard))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        return
    ballast = scene.data / "ballast"
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(file, bytes(4096))
    os.close(file)
    try:
        yield
    finally:
        ballast.unlink()


async def test_f64_on_a_read_only_disk_it_says_so_and_does_not_start(tmp_path, observe):
    """There is nothing that it could promise there."""
    async with Scene(tmp_path, "ann") as scene:
        ann = await scene.live("ann")
        sent = await ann.say("count 3 0")
        await ann.wait_run_ended(sent)
        scene.server.kill()
        with read_only(scene.data):
            scene.server.start()
            status = await scene.server.wait_exit(within=PATIENCE)
            said = scene.server.log()
        scene.server.start()
        await scene.settle()

        assert status == 2
        assert "goldenpath.db' is read-only" in said
        assert "Traceback" not in said
    observe("F64", ours="read-only: it did not start, and said why")


@contextlib.contextmanager
def read_only(folder):
    """Make a folder read-only, also for root."""
    if os.getuid():
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)
        return
    try:
        mount("--bind", folder, folder)
        mount("-o", "remount,ro,bind", folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        unmount(folder)
