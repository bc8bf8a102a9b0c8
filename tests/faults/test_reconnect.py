"""Faults of coming back, over real connections to a real server."""

import asyncio
import contextlib
import dataclasses
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from emulator import FaultProxy, Faults, Way, websockets_only
from goldenpath import Settings, WebSocketManager
from goldenpath.client import HTTPClient
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol import Cursor, Snapshot, UserMessage, thread_log, user_log
from goldenpath.protocol._close_codes import CLOSE_RULES, CloseCode, ComeBack
from goldenpath.protocol._codec import SUBPROTOCOL, event_frame
from goldenpath.protocol._frames import (
    Authenticate,
    Cancel,
    EventFrame,
    Expiring,
    Live,
    Result,
    Resume,
    Retry,
    Revoked,
    Send,
    Subscribe,
)
from goldenpath.protocol._replica import Applied, Replica
from goldenpath.protocol._transcript import Transcript
from goldenpath.storage import Database
from tests.faults.moods import counted
from tests.faults.scene import HERE, PATIENCE, Crowd, Device, Scene, allow_files
from tests.support.server import PASSWORD
from tests.support.world import World, echo

pytestmark = [pytest.mark.anyio, pytest.mark.process]


# F37 and F38: a bus that is wrong.


async def test_f37_f38_what_the_bus_loses_repeats_or_delays_is_seen_once(
    tmp_path, observe
):
    """Of five hints one is lost, one comes twice and one late; numbers tell."""
    # The last hint of an answer may be the one that is lost: a heartbeat finds it.
    often = {"heartbeat_every": 0.5}
    async with Scene(tmp_path, "ann", agent="lossy:agent", settings=often) as scene:
        devices = [await scene.live("ann") for _ in range(3)]
        thread = None
        for _ in range(3):
            sent = await devices[0].say("count 40 0.01", thread=thread)
            thread = sent.thread
            for device in devices:
                if thread_log(thread) not in device.replicas:
                    await device.follow(thread)
            for device in devices:
                assert await device.wait_run_ended(sent) == "completed"
        await scene.settle()

        for device in devices:
            assert device.welcomes == 1
            assert (
                device.answers(thread)
                == [("count 40 0.01", counted("count 40 0.01"))] * 3
            )
    observe("F37", ours="the hole was seen, and read from the log")
    observe("F38", ours="what came twice was shown once")


# F39 and F40: a message is one message.


async def test_f39_an_acknowledgement_cut_at_any_byte_costs_nothing(tmp_path, observe):
    """Whatever part of the answer arrived, the message sent again is the same one."""
    fast = {"frames_per_second": 10_000.0}
    async with (
        Scene(tmp_path, "ann", settings=fast) as scene,
        FaultProxy(scene.server.port) as proxy,
        scene.peer("ann") as again,
    ):
        await again.hello()
        thread = (await again.ask(Send, client_message_id="m", text="m")).thread
        arrived, names = None, ["m"]
        for passes in itertools.count(step=2):
            name = f"m{passes}"
            message = {"client_message_id": name, "text": name, "thread": thread}
            async with scene.peer("ann", url=proxy.url) as cut:
                await cut.hello()
                await cut.take(Live)
                _cut_after(proxy, passes)
                arrived = await cut.ask(Send, **message)
            result = await again.ask(Send, **message)
            names.append(name)
            assert isinstance(result, Result)
            if arrived is not None:
                break
        await scene.settle()
        stored = scene.rows("SELECT client_message_id FROM runs ORDER BY place")
        events = (await scene.logs())[thread_log(thread)]
        asked = [f.event.text for f in events if isinstance(f.event, UserMessage)]

        # An answer has more bytes than that: the cuts went through all of it.
        assert passes > 100
        assert (arrived.thread, arrived.run, arrived.number) == (
            result.thread,
            result.run,
            result.number,
        )
        assert stored == [(name,) for name in names]
        assert asked == names
    observe("F39", ours="one message and one run, at whichever byte the cut was")


def _cut_after(proxy, count):
    """Cut the newest connection when so many more bytes have gone to the client."""
    passage = proxy.pipes[-1].down.passage
    passage.way = dataclasses.replace(passage.way, cut_after=passage.passed + count)


async def test_f39_our_client_sends_again_by_itself(tmp_path):
    """What the raw peer above did, the client does without being asked."""
    rng = random.Random(39)
    rule = websockets_only(
        # The welcome has some 900 bytes; what comes after it is the answer's.
        lambda opening: (
            Faults(down=Way(cut_after=rng.randrange(900, 2500)))
            if opening.number < 12
            else Faults()
        )
    )
    async with (
        Scene(tmp_path, "ann") as scene,
        FaultProxy(scene.server.port, rule) as proxy,
    ):
        device = await scene.live("ann", url=proxy.url)
        thread = None
        for number in range(15):
            thread = (await device.say(f"m{number}", thread=thread)).thread
        await scene.settle()

        assert len(device.closes) > 2
        assert [question for question, _ in device.answers(thread)] == [
            f"m{number}" for number in range(15)
        ]


async def test_f40_a_message_sent_again_after_a_year_is_the_same(tmp_path, observe):
    """Its name is kept with the log, not in a cache, and outlives the thread."""
    async with Scene(tmp_path, "ann") as scene:
        async with scene.peer("ann") as peer:
            await peer.hello()
            first = await peer.ask(Send, client_message_id="m", text="hi")
        scene.server.kill()
        paths = [str(HERE / "later"), os.environ.get("PYTHONPATH", "")]
        later = scene.another_server(
            port=scene.server.port, environment={"PYTHONPATH": os.pathsep.join(paths)}
        )
        later.start()
        await later.wait_ready()
        http = scene.http("ann")
        await http.login("ann", PASSWORD)
        async with scene.peer("ann", token=http.token) as peer:
            welcome = await peer.hello()
            again = await peer.ask(Send, client_message_id="m", text="hi")
            await http.delete_thread(first.thread)
            after = await peer.ask(Send, client_message_id="m", text="hi")

        for result in (again, after):
            assert (result.thread, result.run, result.number) == (
                first.thread,
                first.run,
                first.number,
            )
        assert len(scene.runs()) == 1
        assert len(await http.threads()) == 0
        assert welcome.server_time > time.time() + 365 * 24 * 3600.0
    observe("F40", ours="the same message, also when its thread had been deleted")


# F41 and F42: histories that are gone.

_JOURNEY = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 4)),
        st.tuples(st.just("come"), st.integers(0, 1)),
    ),
    max_size=12,
)


@settings(max_examples=20)
@given(journey=_JOURNEY)
def test_f41_whoever_is_too_far_behind_gets_a_snapshot_and_never_a_part(journey):
    """Two devices come and go; what each holds is right whenever it is live."""

    async def main():
        with tempfile.TemporaryDirectory() as folder:
            async with Database(Path(folder) / "a.db") as database:
                await _travel(database, Path(folder), journey)

    asyncio.run(main())


async def _travel(database, folder, journey):
    tiny = Settings(
        data=folder, replay_events=4, snapshot_state_bytes=500, delta_every=0.0
    )
    world = World(database, tiny, echo)
    await world.log.start()
    await world.supervisor.start()
    first = await world.welcomed("ada")
    thread = (await first.send("0")).thread
    await world.wait_idle()
    log = thread_log(thread)
    held = [Replica(log), Replica(log)]
    for step, number in (*journey, ("come", 0), ("come", 1)):
        if step == "say":
            for word in range(number):
                await first.send(f"{word} and on", thread=thread)
            await world.wait_idle()
        else:
            await _come(world, thread, held[number], tiny)
    await world.close()


async def _come(world, thread, replica, tiny):
    """Come with what is held, stay until live, and look at what is held then."""
    log = replica.log
    stored = [
        event_frame(e) for e in (await world.log.tail(log, max_bytes=2**30)).entries
    ]
    behind = stored[-1].number - (replica.cursor.number if replica.cursor else 0)
    device = world.connect("ada")
    cursors = {} if replica.cursor is None else {log: replica.cursor}
    had_cursor = replica.cursor is not None
    await device.hello(threads=(thread,), cursors=cursors)
    await device.until(lambda: [f for f in device.of(Live) if f.log == log])
    snapshots = 0
    for frame in device.frames:
        if isinstance(frame, Snapshot) and frame.log == log:
            snapshots += 1
            replica.snapshot(frame)
        elif isinstance(frame, EventFrame) and frame.log == log:
            # Contiguous from the cursor: nothing is dropped, nothing is missing.
            assert replica.event(frame) is Applied.APPLIED
    device.lose()
    await device.until_closed()

    assert replica.cursor.number == stored[-1].number
    assert snapshots == (0 if had_cursor and behind <= tiny.replay_events else 1)
    told = Transcript()
    for frame in stored:
        if frame.number >= (replica.before or 1):
            told.apply(frame)
    assert replica.transcript.as_json() == told.as_json()


async def test_f41_coming_back_from_too_long_ago_is_one_snapshot(tmp_path, observe):
    """The same over a real connection, with a device that was away."""
    async with Scene(tmp_path, "ann", settings={"replay_events": 20}) as scene:
        away, here = await scene.live("ann"), await scene.live("ann")
        sent = await here.say("count 3 0")
        await away.follow(sent.thread)
        await here.wait_run_ended(sent)
        await scene.settle()
        await away.stop()
        for _ in range(8):
            sent = await here.say("count 9 0.001", thread=sent.thread)
            await here.wait_run_ended(sent)
        log = thread_log(sent.thread)
        seen = len(away.witness.frames)
        away.start()
        await scene.settle()
        came = [f for f in away.witness.frames[seen:] if getattr(f, "log", "") == log]

        assert [type(frame) for frame in came] == [Snapshot, Live]
        assert came[0].why == "behind"
        assert away.answers(sent.thread) == here.answers(sent.thread)
    observe("F41", ours="one snapshot, and never a part")


@pytest.mark.parametrize("is_older", [False, True])
async def test_f42_a_backup_that_was_put_back_starts_everybody_over(
    tmp_path, observe, is_older
):
    """Numbers were taken back: what a device holds beyond them must not stay.

    Whether the backup is of this start of the server or of an earlier one.
    """
    async with Scene(tmp_path, "ann") as scene:
        device = await scene.live("ann")
        kept = await device.say("count 3 0")
        await device.wait_run_ended(kept)
        copy = tmp_path / "copy.db"
        await _back_up(scene.data, copy)
        if is_older:
            scene.server.kill()
            scene.server.start()
        lost = await device.say("count 30 0", thread=kept.thread)
        gone = await device.say("count 3 0")
        for sent in (lost, gone):
            await device.wait_run_ended(sent)
        reached = device.replica(kept.thread).cursor
        scene.server.kill()
        _put_back(copy, WebSocketManager.database_path(scene.data))
        scene.server.start()
        # What was acknowledged after the backup went with it: nobody can keep that.
        device.witness.acknowledged = [kept]
        scene.undone = {gone.thread}
        log = thread_log(kept.thread)
        async with asyncio.timeout(PATIENCE):
            await device.wait_for(lambda: _was_replaced(device, log))
        await scene.settle()
        now = device.replica(kept.thread).cursor
        # Beyond what was lost, so that each number means something else now.
        again = await device.say("count 60 0", thread=kept.thread)
        await device.wait_run_ended(again)
        await scene.settle()

        assert now.number < reached.number
        assert now.epoch != reached.epoch
        assert thread_log(gone.thread) not in device.replicas
        assert device.answers(kept.thread) == [
            (text, counted(text)) for text in ("count 3 0", "count 60 0")
        ]
    observe("F42", ours="the epoch had changed; the device began from a snapshot")


def _was_replaced(device, log):
    return any(
        isinstance(frame, Snapshot) and (frame.log, frame.why) == (log, "epoch")
        for frame in device.witness.frames
    )


async def _back_up(data, copy):
    command = (sys.executable, "-m", "goldenpath", "backup", copy, "--data", data)
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said


def _put_back(copy, database):
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    shutil.copy(copy, database)


# F43 and F47: on the way.


async def test_f43_cuts_within_frames_leave_the_text_whole(tmp_path, observe):
    """Cut at any byte, in three ways, again and again while the answer comes."""
    rng = random.Random(43)

    def cut(_):
        return Faults(
            down=Way(cut_after=rng.randrange(1000, 4000)),
            cut=rng.choice(("fin", "rst", "torn")),
        )

    question = "count 200 0.01"
    async with (
        Scene(tmp_path, "ann") as scene,
        FaultProxy(scene.server.port, websockets_only(cut)) as proxy,
    ):
        viewer = await scene.live("ann")
        sent = await viewer.say(question)
        broken = [await scene.live("ann", url=proxy.url) for _ in range(2)]
        following = [asyncio.create_task(d.follow(sent.thread)) for d in broken]
        await viewer.wait_run_ended(sent)
        proxy.rule = lambda _: Faults()
        proxy.cut()
        await asyncio.gather(*following)
        await scene.settle()

        assert min(len(device.closes) for device in broken) > 3
        for device in (viewer, *broken):
            assert device.answers(sent.thread) == [(question, counted(question))]
    observe("F43", ours="the same text as on an unbroken connection, to the byte")


async def test_f47_an_answer_that_overtakes_its_acknowledgement_is_in_order(
    tmp_path, observe
):
    """A relay holds each acknowledgement back until the whole answer has passed."""
    async with Scene(tmp_path, "ann") as scene, _late_results(scene) as url:
        device, other = await scene.live("ann", url=url), await scene.live("ann")
        # The first makes the thread: only a thread that is known can overtake.
        first = await other.say("count 2 0")
        await device.follow(first.thread)
        overtaken = []
        for number in range(3):
            sent = await device.say(f"count {number + 3} 0", thread=first.thread)
            overtaken.append(device.replica(first.thread).transcript.state_of(sent.run))
        await scene.settle()

        assert overtaken == ["completed"] * 3
        assert device.answers(first.thread) == other.answers(first.thread)
        assert [question for question, _ in device.answers(first.thread)] == [
            f"count {number} 0" for number in range(2, 6)
        ]
    observe("F47", ours="the order was the log's")


@contextlib.asynccontextmanager
async def _late_results(scene):
    """Relay frames to the server; a message's result comes after its answer."""
    target = scene.server.url.replace("http", "ws") + "/ws"

    async def relay(websocket):
        bearer = {"Authorization": websocket.request.headers["Authorization"]}
        async with connect(
            target, subprotocols=[SUBPROTOCOL], additional_headers=bearer, proxy=None
        ) as server:
            ways = [
                asyncio.create_task(_pass_on(websocket, server, lambda data: [data])),
                asyncio.create_task(_pass_on(server, websocket, _Holding().pass_on)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()

    async with serve(relay, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


class _Holding:
    """Holds each result back until the run that it names has ended."""

    def __init__(self):
        self._held = {}

    def pass_on(self, data):
        frame = json.loads(data)
        if frame["frame"] == "result" and "run" in frame:
            self._held[frame["run"]] = data
            return []
        if frame.get("event", {}).get("type") == "agent_completed":
            return [data, self._held.pop(frame["run"], data)]
        return [data]


async def _pass_on(source, target, passing):
    with contextlib.suppress(ConnectionClosed):
        async for data in source:
            for piece in passing(data):
                await target.send(piece, text=True)


# F44: everybody at once.


@pytest.mark.timeout(500)
async def test_f44_two_thousand_devices_come_back_after_a_kill(tmp_path, observe):
    """The server lets in as many as it can, and tells the others when to come."""
    allow_files(6000)
    people = [f"user{number}" for number in range(125)]
    queued = {"handshakes_per_second": 300.0}
    async with Scene(tmp_path, *people, settings=queued) as scene:
        tokens = list(scene.tokens.values())
        async with Crowd(scene.server.port, tokens, 2000) as crowd:
            before = await crowd.wait(lambda now: now["live"] == 2000)
            scene.server.kill()
            scene.server.start()
            after = await crowd.wait(
                lambda now: now["live"] == 2000 and now["welcomes"] == 2
            )
            # What happens now reaches every device of whom it concerns.
            for name in people:
                async with scene.peer(name) as peer:
                    await peer.hello()
                    await peer.ask(Send, client_message_id="m", text="hi")
            await crowd.wait(lambda now: now["events"] >= after["events"] + 3)
        turned_away = len(after["told"]) - len(before["told"])

        # 4408 only if this machine keeps a device from saying hello for long.
        assert {"1006", "1013"} <= set(after["codes"]) <= {"1006", "1013", "4408"}
        assert turned_away > 0
        # Those who had to wait were spread over the time that letting them in takes.
        waits = sorted((Counter(after["told"]) - Counter(before["told"])).elements())
        assert waits[0] < 2.0 < waits[-1] < 30.0
        assert scene.server.errors() == []
    observe("F44", ours="all 2,000 were back; those turned away had been told when")


# F45: closes that are final.


async def test_f45_a_final_close_stops_the_client_and_no_other_does(observe):
    """Coming back to be told the same again costs both sides for nothing."""
    codes = [*CloseCode, 1006, 1012]
    counts = dict(await asyncio.gather(*(_closed_with(code) for code in codes)))
    final = (ComeBack.NEVER, ComeBack.LOG_IN, ComeBack.RELOAD)

    assert {code for code, (came, _) in counts.items() if came == 1} == {
        code for code, rule in CLOSE_RULES.items() if rule.come_back in final
    }
    for code, (came, stopped) in counts.items():
        assert (came == 1) == (stopped is not None), code
    assert isinstance(counts[CloseCode.AUTHENTICATE][1], AuthError)
    assert isinstance(counts[CloseCode.VERSION][1], RefusedError)
    observe("F45", ours="it stopped, and came again after all other closes")


async def _closed_with(code):
    """Close a client with a code; return how often it came, and why it stopped."""
    came, came_again = 0, asyncio.Event()

    async def closing(websocket):
        nonlocal came
        came += 1
        if came > 1:
            came_again.set()
        if code == 1006:
            websocket.transport.abort()
        else:
            await websocket.close(code)

    async with serve(closing, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as server:
        port = server.sockets[0].getsockname()[1]
        async with HTTPClient(f"http://127.0.0.1:{port}") as http:
            device = Device(http, name="d", user="ann", back_off_most=0.05)
            device.start()
            again = asyncio.create_task(came_again.wait())
            # A client whose task is done cannot come any more.
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait(
                    [again, device._task], return_when=asyncio.FIRST_COMPLETED
                )
            stopped = device.stopped
            again.cancel()
            await device.stop()
    return code, (came, stopped)


# F48, F49, F50: who may read.


async def test_f48_a_cursor_opens_nothing(tmp_path, observe):
    """Somebody who knows every name and number of another's logs gets none of it."""
    async with Scene(tmp_path, "ann", "eve") as scene:
        ann, eve = await scene.live("ann"), await scene.live("eve")
        secret = await ann.say("the secret word is rosebud")
        await ann.wait_run_ended(secret)
        own = await eve.say("count 3 0")
        await eve.wait_run_ended(own)
        await scene.settle()
        known = _Known(scene, secret, own, ann)
        rng = random.Random(48)
        for _ in range(40):
            await _pry(scene, known, rng)
        await scene.settle()

        assert scene.runs() == {secret.run: "completed", own.run: "completed"}
    observe("F48", ours="refused like a log that does not exist")


class _Known:
    """What an adversary has found out of somebody's logs."""

    def __init__(self, scene, secret, own, ann):
        self.secret, self.own = secret, own
        self.theirs = (thread_log(secret.thread), ann.welcome.log)
        places = [replica.cursor for replica in ann.replicas.values()]
        self.epochs = [place.epoch for place in places] + ["", "e" * 64]
        self.incarnations = [place.incarnation for place in places] + ["", "i"]
        self.numbers = [0, 1, *(place.number for place in places), 999, 2**53 - 1]

    def cursor(self, rng):
        return Cursor(
            rng.choice(self.epochs),
            rng.choice(self.incarnations),
            rng.choice(self.numbers),
        )


async def _pry(scene, known, rng):
    """Try a few things, then show that the connection still does what is right."""
    mine = thread_log(known.own.thread)
    threads = [known.secret.thread, known.own.thread, "x", known.theirs[0]]
    hers = user_log("nobody"), *known.theirs
    async with scene.peer("eve") as peer:
        await peer.hello(
            threads=tuple(rng.sample(threads, rng.randrange(4))),
            cursors={log: known.cursor(rng) for log in (*hers, mine)},
        )
        for _ in range(5):
            match rng.randrange(5):
                case 0:
                    await peer.ask(
                        Subscribe, thread=rng.choice(threads), cursor=known.cursor(rng)
                    )
                case 1:
                    # It has no answer if it is followed; else an error without id.
                    await peer.put(
                        Resume(log=rng.choice([*hers, mine]), cursor=known.cursor(rng))
                    )
                case 2:
                    asked = await peer.ask(Retry, run=known.secret.run)
                    assert asked.code == "not_found"
                case 3:
                    asked = await peer.ask(Cancel, run=known.secret.run)
                    assert asked.code == "not_found"
                case 4:
                    asked = await peer.ask(
                        Send,
                        client_message_id=f"pry{rng.random()}",
                        text="hi",
                        thread=known.secret.thread,
                    )
                    assert asked.code == "not_found"
        await peer.ask(Subscribe, thread=known.own.thread)
        while (await peer.take(Live)).log != mine:
            pass
        for frame in peer.frames:
            if not isinstance(frame, Revoked):
                assert getattr(frame, "log", mine) not in known.theirs
            assert "rosebud" not in str(frame)


async def test_f49_who_may_no_longer_read_is_told_and_sent_nothing_more(
    tmp_path, observe
):
    """A thread is deleted, and sessions end, while devices follow what is written."""
    async with Scene(tmp_path, "ann") as scene:
        other = await scene.session("ann")
        here, there = await scene.live("ann"), await scene.live("ann", token=other)
        sent = await here.say("count 5000 0.005")
        log = thread_log(sent.thread)
        await there.follow(sent.thread)
        await there.wait_for(lambda: " 5 " in str(there.answers(sent.thread)))
        await scene.http("ann").delete_thread(sent.thread)
        for device in (here, there):
            await device.wait_for(lambda device=device: log not in device.replicas)
        # Its session ends with its token, by another connection of the same session.
        await scene.http("ann", token=other).logout()
        with pytest.raises(AuthError):
            await there.wait_for(lambda: False)
        still = await here.say("count 3 0")
        await here.wait_run_ended(still)
        await scene.settle()

        for device in (here, there):
            frames = [f for f in device.witness.frames if getattr(f, "log", "") == log]
            assert isinstance(frames[-1], Revoked)
            assert [type(frame) for frame in frames].count(Revoked) == 1
        assert there.closes[-1][0] == CloseCode.SESSION_ENDED
        assert scene.runs()[sent.run] == "cancelled"
    observe("F49", ours="revoked at once, and nothing after it; its session closed")


async def test_f50_a_session_that_ends_is_announced_renewed_or_closed(
    tmp_path, observe
):
    """The connection outlives its session only with a ticket; the run does anyway."""
    short = {"expiring_before": 1.0, "expired_grace": 0.5}
    async with Scene(tmp_path, "ann", settings=short) as scene:
        viewer = await scene.live("ann")
        lasts = 2.5
        tokens = [await scene.session("ann", lasts=lasts) for _ in range(2)]
        async with (
            scene.peer("ann", token=tokens[0]) as ends,
            scene.peer("ann", token=tokens[1]) as stays,
        ):
            for peer in (ends, stays):
                assert (await peer.hello()).expires_in <= lasts
            sent = await ends.ask(Send, client_message_id="m", text="count 300 0.01")
            await viewer.follow(sent.thread)
            told = await stays.take(Expiring)
            renewed = await stays.ask(
                Authenticate, ticket=await scene.http("ann").ticket()
            )
            closed = await ends.wait_closed()
            # It stands on another session now, and does what it did before.
            alive = await stays.ask(Send, client_message_id="n", text="hi")
        await viewer.wait_run_ended(sent)
        await scene.settle()

        assert 0.0 < told.within <= 1.0
        assert renewed.expires_in > 3600.0
        assert any(isinstance(frame, Expiring) for frame in ends.frames)
        assert closed[0] == CloseCode.AUTHENTICATE
        assert isinstance(alive, Result)
        assert scene.runs()[sent.run] == "completed"
    observe(
        "F50", ours="announced; closed with 4401, or renewed in place; the run ended"
    )


async def test_f46_both_tabs_show_what_one_of_them_sends(tmp_path, observe):
    """The other tab learns of it from the log, not from the one that sends."""
    async with Scene(tmp_path, "ann") as scene:
        first, second = await scene.live("ann"), await scene.live("ann")
        sent = await first.say("count 5 0.01")
        await second.follow(sent.thread)
        also = await second.say("count 7 0.01", thread=sent.thread)
        await first.wait_run_ended(also)
        await scene.settle()
        shown = [(text, counted(text)) for text in ("count 5 0.01", "count 7 0.01")]

        assert first.answers(sent.thread) == shown
        assert second.answers(sent.thread) == shown
    observe("F46", ours="both tabs showed what one of them had sent")
