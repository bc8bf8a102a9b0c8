"""Faults of the handshake and of how a connection starts, over real processes."""

import ast
import asyncio
import contextlib
import json
import signal
from pathlib import Path

import pytest

import goldenpath
from emulator import Emulator, FaultProxy, Faults, Platform, Way
from goldenpath.client import HTTPClient
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol import TextDelta
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
    wait_until,
)
from tests.faults.scene import PATIENCE, Device
from tests.support.raw import CLOSE, SUBPROTOCOL, frame
from tests.support.server import PASSWORD, make_users

pytestmark = [pytest.mark.process]

SOURCE = Path(goldenpath.__file__).parent


@pytest.mark.parametrize(
    ("offer", "chosen"),
    [
        (None, None),
        ("goldenpath.v2", None),
        ("GOLDENPATH.V1", None),
        ("goldenpath.v1x, chat", None),
        (SUBPROTOCOL, SUBPROTOCOL),
        (f"chat, {SUBPROTOCOL}, goldenpath.v2", SUBPROTOCOL),
        (f"{SUBPROTOCOL}\r\nSec-WebSocket-Protocol: chat", SUBPROTOCOL),
    ],
)
def test_f01_the_subprotocol_that_is_spoken_is_chosen_or_named(
    server, observe, offer, chosen
):
    """A browser gives up a connection that chose none; other clients do not."""
    with Peer(server.port, token=server.tokens["ann"]) as peer:
        status, headers, body = peer.open(subprotocol=offer)

        assert headers.get("sec-websocket-protocol") == chosen
        if chosen is None:
            assert status == 400
            assert SUBPROTOCOL in json.loads(body)["error"]["message"]
        else:
            assert status == 101
            peer.say("hello", device="any")
            assert peer.hear("welcome")
    observe(
        "F01",
        ours="an offer with goldenpath.v1 got just that; "
        "any other was refused with 400 and its name",
    )


def _calls(tree, name):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", None)) == name
    ]


def test_f02_a_socket_is_made_of_an_accepted_handshake_only(observe):
    """What does not exist before the accept cannot be used before it."""
    made = 0
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        accepts, sockets = _calls(tree, "accept"), _calls(tree, "Socket")
        if path != SOURCE / "asgi" / "_websocket.py":
            assert (accepts, sockets) == ([], []), path
            continue
        for function in ast.walk(tree):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            accepted = [node.lineno for node in _calls(function, "accept")]
            used = [node.lineno for node in _calls(function, "Socket")]
            assert not used or min(accepted) < min(used), function.name
            made += len(used)

    assert made
    observe("F02", ours="no socket exists before its handshake was accepted")


def test_f02_nothing_is_read_or_answered_before_the_accept(server):
    """However much was sent by then, and however long it takes to know who it is."""
    server.trouble(stalled=[server.tokens["bob"]])
    early = said("hello", device="d") + said("subscribe", id="r", thread="none")
    with contextlib.ExitStack() as stack:
        peers = [
            stack.enter_context(Peer(server.port, token=server.tokens["bob"]))
            for _ in range(20)
        ]
        for peer in peers:
            peer.send(peer.handshake() + early)
        assert is_served(server, "ann")
        server.trouble()
        for peer in peers:
            assert peer.read_head()[0] == 101
            assert json.loads(peer.read_frame()[1])["frame"] == "welcome"
            assert peer.hear("error")["id"] == "r"


def test_f03_after_a_close_nothing_is_sent_and_nothing_is_logged(server, observe):
    """Both sides go on talking for a while after one of them has closed."""
    more = said("subscribe", id="late", thread="none") * 10
    for who_closes in ("client", "client", "server", "server", "logout"):
        with contextlib.ExitStack() as stack:
            if who_closes == "server":
                peer = stack.enter_context(Peer(server.port))
                peer.open()
                peer.send(more)
                expected = 4400
            else:
                peer = stack.enter_context(server.peer("eve"))
                # More than fits into any buffer: it is in the midst of being sent.
                text = "fill 400 4000"
                peer.request("send", client_message_id=new_name(), text=text)
                peer.hear("event")
                expected = 1000
            if who_closes == "client":
                peer.send(frame(expected.to_bytes(2, "big"), opcode=CLOSE) + more)
            elif who_closes == "logout":
                expected = 4410
                asyncio.run(_log_out(server, "eve"))
            assert peer.read_close()[0] == expected
            with contextlib.suppress(OSError):
                peer.send(more)
                peer.send(frame(expected.to_bytes(2, "big"), opcode=CLOSE))
            assert peer.read_to_end() == b""
    server.wait_idle()
    observe(
        "F03", ours="nothing was sent after the close frame, and nothing was logged"
    )


async def _log_out(server, name):
    async with server.client(server.tokens[name]) as http:
        await http.logout()


def test_f04_peers_that_leave_in_a_flood_are_forgotten(server, observe):
    """Each of them is in the midst of being sent something."""
    question = "fill 400 3000"
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(server.peer("ann")) for _ in range(10)]
        made = peers[0].request("send", client_message_id=new_name(), text="count 1 0")
        for peer in peers:
            peer.request("subscribe", thread=made["thread"])
            peer.hear("live")
        sent = peers[0].request(
            "send",
            client_message_id=new_name(),
            text=question,
            thread=made["thread"],
        )
        for peer in peers:
            while peer.hear("event").get("run") != sent["run"]:
                pass
        for peer in peers:
            peer.reset()
        # A connection, its tasks, its listeners.
        server.wait_idle()

    assert asyncio.run(_answer(server, "ann", sent)) == answer_to(question)
    server.wait_idle()
    observe(
        "F04", ours="the connections were forgotten, and their run went on to its end"
    )


async def _answer(server, name, sent):
    """Return the whole answer, as it is stored, once it is."""
    async with (
        asyncio.timeout(PATIENCE),
        server.client(server.tokens[name]) as http,
        Device(http, name=name, user=name, back_off_most=0.2) as device,
    ):
        replica = await device.follow(sent["thread"])
        await device.wait_for(
            lambda: replica.transcript.state_of(sent["run"]) == "completed"
        )
        events = await http.history(sent["thread"])
    mine = [one.event for one in events if one.run == sent["run"]]
    return "".join(event.text for event in mine if isinstance(event, TextDelta))


def test_f05_what_comes_with_the_handshake_is_answered_in_order(server, observe):
    """A client need not wait for the welcome before it says more."""
    with Peer(server.port, token=server.tokens["ann"]) as peer:
        frames = [said("hello", device="hasty")]
        frames += [
            said("send", id=f"r{n}", client_message_id=new_name(), text="count 1 0")
            for n in range(16)
        ]
        peer.send(peer.handshake() + b"".join(frames))

        assert peer.read_head()[0] == 101
        assert json.loads(peer.read_frame()[1])["frame"] == "welcome"
        assert [peer.hear("result", "error")["id"] for _ in range(16)] == [
            f"r{n}" for n in range(16)
        ]
    observe("F05", ours="all that came before the welcome was answered after it")


@pytest.mark.parametrize(("count", "size"), [(17, 1), (3, 60_000)])
def test_f05_too_much_before_the_welcome_closes(server, count, size):
    """What waits is bounded, in number and in bytes."""
    (ticket,) = asyncio.run(_tickets(server, "ann", 1))
    server.trouble(stalled=[ticket])
    hello = said("hello", device="hasty", ticket=ticket)
    with Peer(server.port) as peer:
        one = said("send", id="r", client_message_id=new_name(), text="x" * size)
        peer.send(peer.handshake() + hello + one * count)
        peer.read_head()
        code, reason = peer.read_close()

        assert code == 4429
        assert reason.startswith("retry_after=")


def test_f06_a_stalled_login_turns_away_and_delays_nobody_else(server, observe):
    """Thirty people of whom nobody can say who they are, and one who is known."""
    server.expected = ("who connects cannot be known",)
    tickets = asyncio.run(_tickets(server, "bob", 15))
    server.trouble(stalled=[server.tokens["bob"], *tickets])
    with contextlib.ExitStack() as stack:
        with_header = [
            stack.enter_context(Peer(server.port, token=server.tokens["bob"]))
            for _ in tickets
        ]
        with_ticket = [stack.enter_context(Peer(server.port)) for _ in tickets]
        for peer in with_header:
            peer.ask()
        for peer, ticket in zip(with_ticket, tickets, strict=True):
            peer.open()
            peer.say("hello", device="d", ticket=ticket)
        assert is_served(server, "ann")
        for peer in with_header:
            status, headers, _ = peer.read_head()
            assert (status, headers["retry-after"]) == (503, "1")
        for peer in with_ticket:
            code, reason = peer.read_close()
            assert code == 4503
            assert reason.startswith("retry_after=2")
    server.trouble()

    assert is_served(server, "bob")
    observe(
        "F06",
        ours="they were told 503 or 4503 and when to come back; others were served",
    )


async def _tickets(server, name, count):
    async with server.client(server.tokens[name]) as http:
        return [await http.ticket() for _ in range(count)]


def test_f07_silent_connections_make_way_and_are_closed(server, observe):
    """Five hundred that shake hands and say nothing, and somebody who does."""
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(Peer(server.port)) for _ in range(500)]
        for peer in silent:
            assert peer.open()[0] == 101
        census = server.census()
        assert is_served(server)
        codes = {peer.read_close()[0] for peer in silent}

    # 1013 if they came faster than handshakes may.
    assert 4408 in codes
    assert codes <= {4408, 1013}
    assert census["greeting"] <= 200
    server.wait_idle()
    observe("F07", ours="each was closed with 4408, and an honest client was served")


def test_f08_half_a_request_holds_no_place(serve, observe):
    """Three hundred at once: silent, stuck in the head, or sending byte by byte."""
    server = serve(limits={"request_within": 1.5})
    half = b"GET /ws HTTP/1.1\r\nHost: h\r\nX-Half: "
    with contextlib.ExitStack() as stack:
        silent, stuck, slow = (
            [stack.enter_context(Peer(server.port)) for _ in range(100)]
            for _ in range(3)
        )
        for peer in (*stuck, *slow):
            peer.send(half)
        assert is_served(server)
        trickling = set(slow)
        while trickling:
            for peer in tuple(trickling):
                try:
                    peer.send(b"x")
                except OSError:
                    trickling.discard(peer)
        assert {peer.read_to_end() for peer in silent} == {b""}
        assert {peer.read_head()[0] for peer in stuck} == {408}
        assert is_served(server)

    assert complaints(server.log()) == []
    observe("F08", ours="each was let go of in time, and an honest client was served")


def _knock(server):
    """Ask for a connection as somebody who is unknown; return the status."""
    try:
        with Peer(server.port) as peer:
            return peer.open()[0]
    except ConnectionError:
        return "refused"


def test_f09_a_stop_in_the_midst_of_handshakes_is_no_error(serve, observe):
    """One connection waits at each point of it; others come while it stops."""
    server = serve(settings={"drain_within": 1.5})
    (ticket,) = asyncio.run(_tickets(server, "bob", 1))
    staying = server.peer("eve")
    server.trouble(stalled=[server.tokens["bob"], ticket], bus="mute")
    with contextlib.ExitStack() as stack:
        stack.enter_context(staying)

        def peer(name=None):
            token = None if name is None else server.tokens[name]
            return stack.enter_context(Peer(server.port, token=token))

        nothing, half, asked, accepted, greeted, known = (
            peer(), peer("ann"), peer("bob"), peer(), peer(), peer("ann"),
        )  # fmt: skip
        half.send(half.handshake()[:-2])
        asked.ask()
        for one in (accepted, greeted, known):
            assert one.open()[0] == 101
        greeted.say("hello", device="d", ticket=ticket)
        known.say("hello", device="d")
        server.wait_census(greeting=2, connections=4)
        server.send_signal(signal.SIGTERM)
        assert staying.hear("draining")["reason"] == "deploy"
        assert _knock(server) == 503
        half.send(b"\r\n")
        server.trouble()

        assert half.read_head()[0] == 503
        assert asked.read_head()[0] == 503
        for one in (accepted, greeted, known, staying):
            code, reason = one.read_close()
            assert code == 1001
            assert reason.startswith("retry_after=")
        answers = set()
        while "refused" not in answers:
            answers.add(_knock(server))
        assert answers <= {503, "refused"}
        assert nothing.read_to_end() == b""
    assert asyncio.run(server.wait_exit()) == 0
    assert complaints(server.log()) == []
    observe("F09", ours="each was told 503 or 1001, or was not let in; nobody saw 500")


def test_f10_the_port_is_closed_until_it_can_be_served(serve, observe):
    """A host that looks at the port only must not send people to a closed door."""
    server = serve(trouble={"is_starting": True})
    wait_until(server.is_starting, "it starts")
    knocked = {_knock(server) for _ in range(50)}
    server.trouble()
    asyncio.run(server.wait_ready())

    assert knocked == {"refused"}
    assert is_served(server)
    observe("F10", ours="nobody was let in before it could serve, and then all were")


def test_f10_a_stop_in_the_midst_of_the_start_is_obeyed(serve):
    """Whatever it waits for may never come."""
    server = serve(trouble={"is_starting": True})
    wait_until(server.is_starting, "it starts")
    server.send_signal(signal.SIGTERM)

    assert asyncio.run(server.wait_exit()) == 0


@pytest.mark.anyio
async def test_f10_who_comes_during_a_cold_start_is_served_at_once(tmp_path):
    """A host that probes the port holds the first request until it is open."""
    data = tmp_path / "data"
    data.mkdir()
    server = TroubledServer(data)
    server.tokens = await make_users(data, "ann")
    server.trouble(is_starting=True)
    platform = Platform(
        command=server.command("{port}"),
        folder=ROOT,
        probe="tcp",
        queue_within=PATIENCE,
        request_timeout=3600.0,
    )
    async with Emulator(platform, folder=tmp_path) as emulator:
        async with HTTPClient(emulator.url, within=PATIENCE) as http:
            http.token = server.tokens["ann"]
            first = asyncio.create_task(http.threads())
            await asyncio.to_thread(wait_until, server.is_starting, "it starts")
            server.trouble()
            await first
            async with Device(http, name="ann", user="ann") as device:
                await asks(device)
        statuses = {line["status"] for line in emulator.record.lines("answered")}

    assert statuses == {200, 101}


@pytest.mark.anyio
@pytest.mark.parametrize("bus", ["down", "mute"])
async def test_f11_without_a_bus_logs_are_polled_until_it_is_there(
    tmp_path, observe, bus
):
    """What one device does, another sees, a little later."""
    scene = TroubledScene(tmp_path, "ann", settings={"poll_every": 0.1})
    scene.server.trouble(bus=bus)
    async with scene:
        http = scene.http("ann")
        first, second = await scene.live("ann"), await scene.live("ann")
        assert await _readiness(http) == {"status": "degraded", "lacking": ["bus"]}
        thread = await asks(first)
        await sees(second, thread, "count 5 0.01")
        scene.server.trouble()
        while "lacking" in await _readiness(http):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await asyncio.to_thread(scene.server.wait_census, unheard=0)
        # Of each device: its user log and the thread.
        assert scene.server.census()["listeners"] == 4
        await asks(first, "count 6 0.01", thread=thread)
        await sees(second, thread, "count 6 0.01")
        assert await _readiness(http) == {"status": "ready"}
        await scene.settle()
        said = complaints(scene.server.log())
        assert [line.split(" ", 4)[-1] for line in said] == (
            ["without the bus, logs are polled: there is no bus", "the bus is there"]
            if bus == "down"
            else []
        )
    observe(
        "F11", ours="people were served, readyz said what was lacking, and it recovered"
    )


async def _readiness(http):
    answer = await http._http.get("/readyz")
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.anyio
async def test_f12_twenty_tabs_live_and_one_more_costs_the_oldest(tmp_path, observe):
    """All with one device's name, as after a browser restored its tabs."""
    async with TroubledScene(tmp_path, "ann") as scene:
        server = scene.server
        oldest = await scene.live("ann")
        with contextlib.ExitStack() as stack:

            def peer():
                return stack.enter_context(server.peer("ann"))

            others = await asyncio.to_thread(lambda: [peer() for _ in range(19)])
            await asks(oldest)
            assert oldest.welcomes == 1
            others.append(await asyncio.to_thread(peer))
            async with asyncio.timeout(PATIENCE):
                with pytest.raises(RefusedError, match="too many connections"):
                    await oldest.wait_for(lambda: False)
            assert all(other.is_served() for other in others)
            assert server.census()["connections"] == 20
        await scene.settle()
        assert oldest.welcomes == 1
        assert [code for code, _ in oldest.closes] == [4409]
    observe("F12", ours="twenty lived; one more cost the oldest, which stayed away")


@pytest.mark.anyio
async def test_f13_a_late_farewell_takes_nothing_from_the_next_connection(
    tmp_path, observe
):
    """It is heard of the bus, and found by its session, as before."""
    async with TroubledScene(tmp_path, "ann") as scene:
        server = scene.server
        async with FaultProxy(server.port) as proxy:
            old = await scene.live("ann", url=proxy.url)
            proxy.stall("up")
            proxy.stall("down")
            new = scene.device("ann")
            new.device = old.device
            new.start()
            thread = await asks(new)
            assert server.census()["connections"] == 2
            old.cut()
            await old.stop()
            await asyncio.to_thread(server.wait_census, connections=1)
        other = await scene.live("ann")
        await asks(other, "count 6 0.01", thread=thread)
        await sees(new, thread, "count 6 0.01")
        assert new.welcomes == 1
        await scene.http("ann").logout()
        async with asyncio.timeout(PATIENCE):
            for device in (new, other):
                with pytest.raises(AuthError):
                    await device.wait_for(lambda: False)
        await scene.settle()
        assert new.closes == [(4410, "the session was ended")]
    observe("F13", ours="the new one went on hearing, and was found by a logout")


_STEP = 11


def _until_welcome(*, up, down):
    """Return how many bytes pass each way until a device was said welcome."""
    sizes = {}
    for way, data in (("up", up), ("down", down)):
        start = data.index(b"\r\n\r\n") + 6
        size = data[start - 1] & 0x7F
        if size == 126:
            size = int.from_bytes(data[start : start + 2], "big")
            start += 2
        mask = 4 if way == "up" else 0
        sizes[way] = start + mask + size
    return sizes


@pytest.mark.anyio
@pytest.mark.parametrize("direction", ["up", "down"])
async def test_f14_a_handshake_that_is_cut_anywhere_is_begun_again(
    tmp_path, observe, direction
):
    """The device is connected at the welcome and not before; the server forgets."""
    async with TroubledScene(tmp_path, "ann", "bob") as scene:
        server = scene.server
        passed = {"up": b"", "down": b""}

        def keep(way, data):
            passed[way] += data

        async with FaultProxy(server.port, tap=keep) as proxy:
            witness = scene.device("bob", url=proxy.url)
            witness.start()
            await witness.wait_live()
        await witness.stop()
        whole = _until_welcome(**passed)
        # It ends with less than what a welcome takes, whatever its names' lengths.
        cuts = range(1, whole[direction] - 20, _STEP)

        def rule(opening):
            if opening.number >= len(cuts):
                return Faults()
            way = Way(cut_after=cuts[opening.number])
            how = ("rst", "fin", "torn")[opening.number % 3]
            return Faults(**{direction: way}, cut=how)

        async with FaultProxy(server.port, rule) as proxy:
            device = scene.device("ann", url=proxy.url, back_off_most=0.01)
            device.start()
            async with asyncio.timeout(PATIENCE):
                await device.wait_live()
            assert len(proxy.pipes) == len(cuts) + 1
            assert device.welcomes == 1
            await asks(device)
            await scene.settle()
        await device.stop()
        server.wait_idle()
        assert complaints(server.log()) == []
    observe("F14", ours="the device came back each time, and was connected once")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "way",
    [Way(piece_bytes=1), Way(gather=0.02), Way(piece_bytes=3, jitter=0.0005)],
    ids=["one by one", "gathered", "three at a time"],
)
async def test_f15_bytes_that_come_one_by_one_or_all_at_once_change_nothing(
    tmp_path, observe, way
):
    """From the login to the whole answer, in both directions."""
    faults = Faults(up=way, down=way)
    async with (
        TroubledScene(tmp_path, "ann") as scene,
        FaultProxy(scene.server.port, faults) as proxy,
    ):
        http = scene.http("ann", proxy.url)
        await http.login("ann", PASSWORD)
        through = await scene.live("ann", url=proxy.url, token=http.token)
        straight = await scene.live("ann")
        thread = await asks(through, "count 40 0.005")
        await sees(straight, thread, "count 40 0.005")
        await asks(straight, "fill 3 3000", thread=thread)
        await scene.settle()
        assert through.answers(thread) == straight.answers(thread)
        assert through.welcomes == 1
        await through.stop()
    observe("F15", ours="a session from login to answer went through unchanged")
