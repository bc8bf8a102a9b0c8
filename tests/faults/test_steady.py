"""Faults of the steady state, over real processes and a network that is one."""

import ast
import asyncio
import contextlib
import json
import threading
from pathlib import Path

import msgspec
import pytest

import goldenpath
from emulator import Emulator, FaultProxy, Faults, Platform, Way
from goldenpath import Settings
from goldenpath.client import HTTPClient
from goldenpath.connections import Connection
from goldenpath.errors import RefusedError
from goldenpath.protocol import thread_log
from goldenpath.protocol._frames import EventFrame, Ping, Snapshot
from goldenpath.protocol._transcript import ThinkingPart, ToolPart
from tests.faults.conftest import (
    ROOT,
    Peer,
    TroubledScene,
    TroubledServer,
    answer_to,
    asks,
    complaints,
    is_served,
    new_name,
    said,
    sees,
)
from tests.faults.scene import PATIENCE, Device
from tests.support import namespaces
from tests.support.raw import BINARY, CLOSE, CONTINUATION, PING, TEXT, frame
from tests.support.server import make_users

pytestmark = [pytest.mark.process]

SOURCE = Path(goldenpath.__file__).parent


def _count(device, kind):
    return sum(isinstance(one, kind) for one in device.witness.frames)


# A network that is gone.


@pytest.fixture
def machines():
    """A server's machine and a device's."""
    reason = namespaces.why_not()
    if reason is not None:
        pytest.skip(f"NOT TRIED: {reason}")
    with namespaces.TwoMachines() as machines:
        yield machines


@pytest.fixture
def far_server(machines, tmp_path):
    """A server on its own machine; it gives up whoever is silent for two seconds."""
    server = TroubledServer(
        tmp_path,
        arguments=("--host", "0.0.0.0"),
        settings={"heartbeat_every": 0.4, "silent_after": 2.0},
        # The kernel would notice as well.
        limits={"lost_after": 1000.0},
    )
    server.tokens = asyncio.run(make_users(server.data, "ann"))
    machines.server.run(server.start)
    try:
        machines.server.run(lambda: asyncio.run(server.wait_ready()))
        server.idle = server.census()
        yield server
    finally:
        server.kill()


@contextlib.asynccontextmanager
async def _far_device(machines, server):
    """Yield a device on its own machine."""
    url = f"http://{machines.server.address}:{server.port}"
    async with HTTPClient(url, within=PATIENCE, allow_plain=True) as http:
        http.token = server.tokens["ann"]
        async with Device(http, name="far", user="ann", back_off_most=0.2) as device:
            await device.wait_live()
            yield device


def _asks_nearby(machines, server, question, thread):
    """Ask something in a thread from the server's own machine."""

    async def work():
        async with (
            server.client(server.tokens["ann"]) as http,
            Device(http, name="near", user="ann") as near,
        ):
            await near.follow(thread)
            await asks(near, question, thread=thread)

    return asyncio.to_thread(machines.server.run, lambda: asyncio.run(work()))


@pytest.mark.namespace
@pytest.mark.parametrize("side", ["device", "server"])
def test_f16_a_dead_link_is_noticed_on_both_sides(machines, far_server, observe, side):
    """No packet says that it is dead."""

    async def live():
        async with _far_device(machines, far_server) as device:
            thread = await asks(device)
            getattr(machines, side).unplug()
            await _asks_nearby(machines, far_server, "count 6 0.01", thread)
            await asyncio.to_thread(far_server.wait_idle)
            assert ("count 6 0.01", answer_to("count 6 0.01")) not in device.answers(
                thread
            )
            getattr(machines, side).plug()
            await sees(device, thread, "count 6 0.01")
            # Once, although it came back: the replica would not have it otherwise.
            assert len(device.answers(thread)) == 2
            assert device.welcomes == 2

    machines.device.run(lambda: asyncio.run(live()))
    far_server.wait_idle()
    assert complaints(far_server.log()) == []
    observe("F16", ours="both sides noticed by silence; the device came back by itself")


@pytest.mark.namespace
@pytest.mark.parametrize("is_told", [True, False])
def test_f28_a_device_that_moves_is_told_once_what_it_missed(
    machines, far_server, observe, is_told
):
    """From Wi-Fi to the mobile network: the old address is gone without a word."""

    async def live():
        async with _far_device(machines, far_server) as device:
            thread = await asks(device)
            machines.device.move("10.77.0.3")
            if is_told:
                device.cut()
            await _asks_nearby(machines, far_server, "count 30 0.01", thread)
            await sees(device, thread, "count 30 0.01")
            await asks(device, "count 7 0.01", thread=thread)
            assert len(device.answers(thread)) == 3
            assert device.welcomes == 2
            # The old connection is forgotten, too.
            await asyncio.to_thread(far_server.wait_census, connections=1)

    machines.device.run(lambda: asyncio.run(live()))
    assert complaints(far_server.log()) == []
    observe(
        "F28", ours="it came back from its new address and was told each event once"
    )


# Readers that do not read, or slowly.


def test_f17_two_hundred_that_do_not_read_cost_the_others_nothing(serve, observe):
    """Each is in the midst of being sent megabytes."""
    question = "fill 60 40000"
    settings = {"connections_per_user": 300, "send_within": 2.0, "silent_after": 1e3}
    server = serve(settings=settings)
    thread = asyncio.run(_thread(server, "ann"))
    with contextlib.ExitStack() as stack:
        stuck = [
            stack.enter_context(
                server.peer("ann", threads=[thread], receive_buffer=4096)
            )
            for _ in range(200)
        ]
        before, _ = server.resident_bytes
        assert asyncio.run(_asks_in(server, "ann", thread, question))
        _, most = server.resident_bytes
        server.wait_idle()
        for peer in stuck:
            peer.read_to_end_or_reset()

    # What an outbox may hold, for each; they are sent the same, so it is far less.
    assert most - before < 200 * Settings().snapshot_bytes
    assert complaints(server.log()) == []
    observe("F17", ours="they were let go of, memory was bounded, others were answered")


async def _thread(server, name):
    async with (
        server.client(server.tokens[name]) as http,
        Device(http, name=name, user=name) as device,
    ):
        return await asks(device)


async def _asks_in(server, name, thread, question):
    async with (
        server.client(server.tokens[name]) as http,
        Device(http, name=name, user=name) as device,
    ):
        await device.follow(thread)
        return await asks(device, question, thread=thread)


@pytest.mark.anyio
async def test_f18_a_slow_reader_ends_with_the_same_text(tmp_path, observe):
    """It is sent ranges and snapshots instead of every delta, and misses nothing."""
    settings = {
        "merge_bytes": 4 * 1024,
        "summarise_bytes": 64 * 1024,
        "snapshot_bytes": 96 * 1024,
        "final_text_bytes": 1_000_000,
        "snapshot_state_bytes": 1_000_000,
    }
    slow = Faults(down=Way(bytes_per_second=150_000))
    async with (
        TroubledScene(tmp_path, "ann", settings=settings) as scene,
        FaultProxy(scene.server.port, slow, buffer_bytes=4096) as proxy,
    ):
        quick = await scene.live("ann")
        thread = await asks(quick)
        reader = await scene.live("ann", url=proxy.url)
        await reader.follow(thread)
        question = "fill 120 1500"
        await asks(quick, question, thread=thread)
        await sees(reader, thread, question)
        await scene.settle()
        assert reader.answers(thread) == quick.answers(thread)
        behind = [
            one
            for one in reader.witness.frames
            if isinstance(one, Snapshot) and one.why == "behind"
        ]
        ranges = [
            one
            for one in reader.witness.frames
            if isinstance(one, EventFrame) and one.first is not None
        ]
        assert ranges or behind, "it was not slow enough: nothing was tried"
        await reader.stop()
    observe(
        "F18", ours="it was sent ranges and snapshots, and ended with the same text"
    )


# Many at once.


@pytest.mark.anyio
async def test_f19_fifty_producers_at_once_are_told_in_order(tmp_path, observe):
    """Fifty tasks within one run, beside ten runs of other threads."""
    async with TroubledScene(tmp_path, "ann") as scene:
        first, second = await scene.live("ann"), await scene.live("ann")
        sent = await first.say("crowd 50 6")
        await second.follow(sent.thread)
        others = [asks(first, f"count {n} 0.001") for n in range(20, 30)]
        await asyncio.gather(*others)
        async with asyncio.timeout(PATIENCE):
            for device in (first, second):
                assert await device.wait_run_ended(sent) == "completed"
        await scene.settle()
        parts = first.replica(sent.thread).transcript.items[-1].parts
        tools = [part for part in parts if isinstance(part, ToolPart)]
        thought = "".join(part.text for part in parts if isinstance(part, ThinkingPart))
        everything = {f"{n}.{time}" for n in range(50) for time in range(6)}

        assert len(tools) == 300
        assert {part.state for part in tools} == {"completed"}
        assert set(thought.split()) == everything
        assert len(thought.split()) == 300
    observe("F19", ours="every event of every task came whole, once and in order")


def test_f20_a_request_that_fails_is_told_so_and_the_connection_lives(server, observe):
    """Until failures pile up; the reference leads to the server's own log."""
    server.trouble(broken=["a ticket"])
    server.expected = ("reference ",)
    with server.peer("eve") as peer:
        failed = peer.request("authenticate", ticket="a ticket")
        assert failed["frame"] == "error"
        assert failed["code"] == "internal"
        assert failed["retryable"]
        assert f"reference {failed['reference']}" in server.log()
        assert "may raise anything" not in json.dumps(failed)
        assert peer.is_served()
        for _ in range(4):
            peer.say("authenticate", id="again", ticket="a ticket")
        code, reason = peer.read_close()

        assert code == 4500
        assert reason.startswith("retry_after=")
    assert is_served(server, "bob")
    observe("F20", ours="the request was told, with a reference; five closed with 4500")


# Reading.


def _deadlines_around_reading(tree):
    """Return the lines where a read can be cancelled by a deadline."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith):
            is_deadline = any("timeout" in ast.unparse(i) for i in node.items)
        else:
            is_deadline = isinstance(node, ast.Call) and (
                ast.unparse(node.func).endswith(("wait_for", "asyncio.wait"))
            )
        if is_deadline:
            found += [
                inner.lineno
                for inner in ast.walk(node)
                if isinstance(inner, ast.Attribute) and inner.attr == "receive"
            ]
    return found


def test_f21_no_deadline_cancels_a_read():
    """A server may take a message out of its queue for a read that is given up."""
    bad = "async with asyncio.timeout(1):\n    await websocket.receive()"
    assert _deadlines_around_reading(ast.parse(bad)) == [2]
    bad = "asyncio.wait_for(transport.receive(), 1)"
    assert _deadlines_around_reading(ast.parse(bad)) == [1]

    for path in SOURCE.rglob("*.py"):
        assert _deadlines_around_reading(ast.parse(path.read_text())) == [], path


@pytest.mark.anyio
async def test_f21_messages_that_come_while_deadlines_fire_are_all_heard(
    tmp_path, observe
):
    """Frames arrive in pieces; there is hardly a moment without a heartbeat."""
    settings = {
        "heartbeat_every": 0.01,
        "frames_per_second": 1000.0,
        "frames_burst": 1000,
    }
    pieces = Faults(up=Way(piece_bytes=20, jitter=0.001))
    async with (
        TroubledScene(tmp_path, "ann", settings=settings) as scene,
        FaultProxy(scene.server.port, pieces) as proxy,
    ):
        device = await scene.live("ann", url=proxy.url)
        thread = await asks(device)
        async with asyncio.timeout(PATIENCE):
            texts = [f"message {n}" for n in range(90)]
            requests = [device.say(text, thread=thread) for text in texts]
            await asyncio.gather(*requests)
        assert device.welcomes == 1
        pings = _count(device, Ping)
        assert pings > 10
        await scene.settle()
        assert {text for text, _ in device.answers(thread)[1:]} == set(texts)
        await device.stop()
    observe("F21", ours="each message was heard, whatever deadline fired meanwhile")


# Heartbeats.


@pytest.mark.anyio
async def test_f23_heartbeats_come_often_enough():
    """Less than 25 s is less than what any known proxy allows, in each direction."""
    settings = Settings()
    most = max(_drawn(settings))

    assert most <= 25.0
    # A peer that misses one heartbeat is not lost.
    assert settings.silent_after > 1.8 * most


@pytest.mark.anyio
async def test_f24_no_two_connections_share_their_moments(observe):
    """What came together would go on together, and meet a limit at the same time."""
    settings = Settings()
    drawn = _drawn(settings)

    assert min(drawn) >= settings.heartbeat_every * 0.8
    assert max(drawn) <= settings.heartbeat_every * 1.2
    assert len({round(every) for every in drawn}) >= 8
    observe("F24", ours="each connection drew its own interval, within a fifth")


def _drawn(settings):
    return [_made(settings)._lifecycle._ping_every for _ in range(500)]


def _made(settings):
    nothing = dict.fromkeys(
        ["identity", "origin", "authenticator", "log", "bus", "threads", "registry"]
    )
    return Connection(None, settings=settings, **nothing)


@pytest.mark.anyio
async def test_f23_a_host_that_cuts_what_is_idle_cuts_nobody_who_answers(
    tmp_path, observe
):
    """In either direction; seconds stand for twenty of them."""
    data = tmp_path / "data"
    data.mkdir()
    server = TroubledServer(data, settings={"heartbeat_every": 1.0})
    server.tokens = await make_users(data, "ann")
    platform = Platform(
        command=server.command("{port}"),
        folder=ROOT,
        probe="http:/readyz",
        queue_within=PATIENCE,
        request_timeout=3600.0,
        idle_after=3.0,
        idle_counts="each",
    )
    async with (
        Emulator(platform, folder=tmp_path) as emulator,
        HTTPClient(emulator.url, within=PATIENCE) as http,
    ):
        http.token = server.tokens["ann"]
        async with (
            asyncio.timeout(PATIENCE),
            Device(http, name="ann", user="ann") as device,
        ):
            await device.wait_live()
            mute = Peer(emulator.port, token=http.token)
            # It is sent pings, and answers none.
            await asyncio.to_thread(mute.open)
            mute.say("hello", device="mute")
            await asyncio.to_thread(mute.read_to_end_or_reset)
            mute.close()
            await device.wait_for(lambda: _count(device, Ping) > 5)
            assert device.welcomes == 1
            await asks(device)
        cut = [
            line for line in emulator.record.lines("closed") if line["why"] == "idle"
        ]

    assert len(cut) == 1
    observe("F23", ours="who answered heartbeats was never idle for the host's limit")


# Sizes and floods.


def test_f29_a_message_may_be_as_large_as_the_limit_and_not_larger(server, observe):
    """Of a text the request is told, of a frame the whole connection."""
    settings = Settings()

    def send(text):
        return peer.request("send", client_message_id=new_name(), text=text)

    with server.peer("ann") as peer:
        for size in (settings.message_bytes - 1, settings.message_bytes):
            assert send("x" * size)["frame"] == "result"
        refused = send("x" * (settings.message_bytes + 1))
        assert (refused["frame"], refused["code"]) == ("error", "too_large")
        # Two bytes in UTF-8, and one character.
        assert send("é" * (settings.message_bytes // 2))["frame"] == "result"
        assert send("é" * (settings.message_bytes // 2 + 1))["code"] == "too_large"
        for more in (-1, 0):
            peer.send(_padded(settings.frame_bytes + more))
            assert peer.hear("error")["id"] == "r"
        peer.send(_padded(settings.frame_bytes + 1))
        assert peer.read_close()[0] == 1009
    for more, code in ((0, None), (1, 1009)):
        with Peer(server.port, token=server.tokens["ann"]) as peer:
            peer.open()
            hello = json.dumps({"frame": "hello", "device": "d"})
            peer.send(frame(hello.ljust(settings.hello_bytes + more)))
            if code is None:
                assert peer.hear("welcome")
            else:
                assert peer.read_close()[0] == code
    observe(
        "F29", ours="a text too long was refused by itself, a frame too long with 1009"
    )


def _padded(size):
    return frame(
        json.dumps({"frame": "subscribe", "id": "r", "thread": "none"}).ljust(size)
    )


@pytest.mark.anyio
async def test_f29_our_own_client_says_so_before_it_sends(tmp_path):
    """Otherwise the connection would end, and the same be sent again, for ever."""
    async with TroubledScene(tmp_path, "ann") as scene:
        device = await scene.live("ann")
        with pytest.raises(RefusedError, match="the limit is 262144"):
            await device.say("x" * 262_144)
        await asks(device)
        assert device.welcomes == 1
        await scene.settle()


def test_f30_a_flood_is_refused_then_ended_and_others_are_served(server, observe):
    """Ten thousand requests as fast as they go."""
    with server.peer("eve") as flooder, server.peer("bob") as honest:
        one = said("subscribe", id="flood", thread="none")

        def flood():
            with contextlib.suppress(OSError):
                for _ in range(100):
                    flooder.send(one * 100)

        flooding = threading.Thread(target=flood)
        flooding.start()
        assert honest.is_served()
        assert is_served(server, "ann")
        code, reason = flooder.read_close()
        flooding.join()
        told = [json.loads(payload) for payload in flooder.skipped]
        told = [one for one in told if one["frame"] == "error"]
        assert honest.is_served()
    refused = [one for one in told if one["code"] == "rate_limited"]

    assert (code, reason.split("=")[0]) == (4429, "retry_after")
    assert refused
    assert {one["code"] for one in told} <= {"not_found", "rate_limited"}
    assert all(one["retryable"] and one["retry_after"] > 0 for one in refused)
    observe(
        "F30", ours="it was told to slow down, then closed with 4429; others went on"
    )


# Code that is not ours.


class _Patient(Device):
    """A device that does not look at the clock: it is the server that is tried."""

    def _welcomed(self, frame):
        super()._welcomed(msgspec.structs.replace(frame, silent_after=PATIENCE))


@pytest.mark.anyio
async def test_f31_code_that_blocks_the_process_costs_nobody_the_connection(
    tmp_path, observe
):
    """For longer than the silence after which a peer is lost."""
    settings = {"heartbeat_every": 0.3, "silent_after": 3.0}
    scene = TroubledScene(tmp_path, "ann", "bob", settings=settings, forgiven=0.5)
    async with (
        scene,
        contextlib.AsyncExitStack() as stack,
    ):
        devices = [
            await stack.enter_async_context(
                _Patient(scene.http(name), name=f"{name}{n}", user=name)
            )
            for name in ("ann", "bob")
            for n in range(10)
        ]
        async with asyncio.timeout(PATIENCE):
            for device in devices:
                await device.wait_live()
            sent = await devices[0].say("block 3.5")
            assert await devices[0].wait_run_ended(sent) == "completed"
            (run,) = devices[0].replica(sent.thread).transcript.items[1:]
            assert run.parts[0].duration > 3.0, "nothing was blocked"
            await asyncio.gather(*(asks(device) for device in devices))
            # The verdict that was put off has been spoken by then.
            for device in devices:
                pings = _count(device, Ping)
                await device.wait_for(
                    lambda device=device, pings=pings: _count(device, Ping) > pings
                )
        assert [device.welcomes for device in devices] == [1] * 20
        assert complaints(scene.server.log()) == []
    observe("F31", ours="nobody's silence was taken for theirs: nobody was closed")


# What breaks the rules.


# Made when a test asks: no two masks are the same.
_BROKEN = {
    "no UTF-8": (lambda: frame(b"\xff\xfe"), 1007),
    "half a character": (lambda: frame(b'{"frame":"\xc3'), 1007),
    "a surrogate": (lambda: frame(b"\xed\xa0\x80"), 1007),
    "a broken character in two fragments": (
        lambda: frame(b"\xc3", final=False) + frame(b"(", opcode=CONTINUATION),
        1007,
    ),
    "compressed": (lambda: frame("x", reserved=4), 1002),
    "a reserved bit": (lambda: frame("x", reserved=1), 1002),
    "a reserved kind": (lambda: frame("x", opcode=0x3), 1002),
    "a reserved control frame": (lambda: frame("x", opcode=0xB), 1002),
    "no mask": (lambda: frame("x", masked=False), 1002),
    "a fragment of nothing": (lambda: frame("x", opcode=CONTINUATION), 1002),
    "a message within another": (lambda: frame("x", final=False) + frame("y"), 1002),
    "a ping in fragments": (lambda: frame("x", opcode=PING, final=False), 1002),
    "a long ping": (lambda: frame("x" * 126, opcode=PING), 1002),
    "half a close code": (lambda: frame(b"\x03", opcode=CLOSE), 1002),
    "a close code that means none": (lambda: frame(b"\x03\xed", opcode=CLOSE), 1002),
    "a close reason that is no text": (
        lambda: frame(b"\x03\xe8\xff", opcode=CLOSE),
        1007,
    ),
    "four exbibytes": (lambda: frame("x", length=2**62), 1009),
}


@pytest.mark.parametrize("broken", _BROKEN)
def test_f32_frames_that_break_the_standard_close_with_its_code(
    server, observe, broken
):
    """And none of it is an error of ours: nothing is logged above INFO."""
    made, code = _BROKEN[broken]
    with server.peer("ann") as peer:
        peer.send(made())

        assert peer.read_close()[0] == code
    assert is_served(server, "bob")
    observe(
        "F32", ours="each was closed with the code of the standard; none was an error"
    )


_BOMBS = {
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 50_000,
    "deep and closed": "[" * 50_000 + "]" * 50_000,
    "a deep field": '{"frame":"answer","id":"r","run":"r","call":"c","value":'
    + "[" * 20
    + "]" * 20
    + "}",
    "a huge number": '{"frame":"subscribe","id":' + "9" * 100_000 + "}",
    "a huge exponent": '{"frame":"resume","log":"user:x","cursor":'
    '{"epoch":"e","incarnation":"i","number":1e999999999}}',
    "a number beyond 64 bits": '{"frame":"resume","log":"user:x","cursor":'
    '{"epoch":"e","incarnation":"i","number":18446744073709551616}}',
    "no number": '{"frame":"resume","log":"user:x","cursor":'
    '{"epoch":"e","incarnation":"i","number":NaN}}',
    "half a pair": '{"frame":"subscribe","id":"r","thread":"\\ud800"}',
    "half an object": '{"frame":"subscribe"',
    "no object": "7",
    "nothing": "",
    "many fields": '{"frame":"subscribe",'
    + ",".join(f'"{n}":0' for n in range(10_000))
    + "}",
}


@pytest.mark.parametrize("bomb", _BOMBS)
def test_f33_a_bomb_of_json_is_a_bad_message_and_no_more(server, observe, bomb):
    """After the welcome the connection lives; before it, it was no hello."""
    with server.peer("ann") as peer:
        for opcode in (TEXT, BINARY):
            peer.send(frame(_BOMBS[bomb], opcode=opcode))
            assert peer.hear("error")["code"] in ("bad_message", "too_deep")
        assert peer.is_served()
    with Peer(server.port, token=server.tokens["ann"]) as peer:
        peer.open()
        peer.send(frame(_BOMBS[bomb]))
        assert peer.read_close()[0] in (4400, 1009)
    observe("F33", ours="each got the error bad_message or too_deep, and no more")


def test_f33_a_field_that_comes_twice_is_read_once(server):
    """Two readers of one frame must not see two things: the last one counts."""
    with server.peer("ann") as peer:
        twice = '{"frame":"pong","frame":"subscribe","id":"a","id":"b","thread":"none"}'
        peer.send(frame(twice))

        assert peer.hear("error")["id"] in ("b", None)
        assert peer.is_served()


# Clocks and order.


@pytest.mark.anyio
async def test_f34_a_clock_that_jumps_changes_no_deadline(tmp_path, observe):
    """An hour ahead, an hour back, in the midst of an answer."""
    settings = {
        "heartbeat_every": 0.2,
        "silent_after": 10.0,
        "lease_renew_every": 0.1,
        "lease_lapses_after": 5.0,
    }
    async with TroubledScene(tmp_path, "ann", settings=settings) as scene:
        device = await scene.live("ann")
        thread = await asks(device)
        question = "count 100 0.02"
        answering = asyncio.create_task(asks(device, question, thread=thread))
        for jump in (3600.0, -3600.0, 0.0):
            pings = _count(device, Ping)
            scene.server.trouble(clock=jump)
            async with asyncio.timeout(PATIENCE):
                await device.wait_for(lambda pings=pings: _count(device, Ping) > pings)
            other = await scene.live("ann")
            await asks(other, thread=await asks(other))
        await answering
        await scene.settle()
        times = [
            one.time
            for one in device.witness.frames
            if isinstance(one, EventFrame) and one.log == thread_log(thread)
        ]
        assert max(times) - min(times) > 3600, "the clock did not jump"
        assert [one.welcomes for one in scene.devices] == [1] * 4
        assert complaints(scene.server.log()) == []
    observe("F34", ours="the answer went on, nobody was closed, no lease lapsed")


@pytest.mark.anyio
async def test_f35_two_devices_that_send_at_once_show_the_same_order(tmp_path, observe):
    """Byte for byte: the order is the log's, not that of the sending."""
    async with TroubledScene(tmp_path, "ann") as scene:
        first, second = await scene.live("ann"), await scene.live("ann")
        thread = await asks(first)
        await second.follow(thread)

        async def talk(device, name):
            for n in range(15):
                await device.say(f"{name} {n}", thread=thread)

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(talk(first, "first"), talk(second, "second"))
        await scene.settle()
        shown = [
            msgspec.json.encode(device.replica(thread).transcript.as_json())
            for device in (first, second)
        ]
        said_ = [text for text, _ in first.answers(thread)[1:]]

        assert shown[0] == shown[1]
        for name in ("first", "second"):
            assert [text for text in said_ if text.startswith(name)] == [
                f"{name} {n}" for n in range(15)
            ]
    observe("F35", ours="both showed the log's order, byte for byte")
