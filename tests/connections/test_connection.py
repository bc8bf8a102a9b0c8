"""One connection from hello to close, over a wire in memory and a real log."""

import asyncio
import json
import time

import pytest

from goldenpath.errors import AuthError, StorageError
from goldenpath.protocol._codec import event_frame
from goldenpath.protocol._cursor import Cursor, thread_log, user_log
from goldenpath.protocol._entries import Hint
from goldenpath.protocol._events import TextDelta, UserMessage
from goldenpath.protocol._frames import (
    FOLLOWED_THREADS,
    Authenticate,
    Cancel,
    Draining,
    ErrorFrame,
    EventFrame,
    Expiring,
    Hello,
    Live,
    Ping,
    Pong,
    Result,
    Resume,
    Revoked,
    Send,
    Snapshot,
    Subscribe,
    Unsubscribe,
    Welcome,
)
from goldenpath.protocol._transcript import Transcript

pytestmark = pytest.mark.anyio


REFUSED = ("bad_message",)


async def until(is_true):
    async with asyncio.timeout(10):
        while not is_true():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.002)


async def until_live(device, log):
    await device.until(lambda: [f for f in device.of(Live) if f.log == log])


async def ended(device, sent):
    def state():
        return device.replica(sent.thread).transcript.state_of(sent.run)

    await device.until(lambda: state() == "completed")


# Before the welcome.


async def test_nothing_is_sent_before_the_welcome(make_world):
    world = await make_world()
    device = world.connect()
    posted = await world.threads.post("ada", "hi", client_message_id="m1")
    await world.threads.post("ada", "again", client_message_id="m2")

    assert device.wire.sent == []
    await device.hello(threads=(posted.thread,))
    assert isinstance(device.frames[0], Welcome)


async def test_the_welcome_says_who_and_where(make_world):
    world = await make_world()
    posted = await world.threads.post("ada", "hi", client_message_id="m1")
    device = world.connect()
    welcome = await device.hello(threads=(posted.thread,))

    assert (welcome.user.id, welcome.user.name) == ("ada", "Ada")
    assert welcome.log == user_log("ada")
    assert set(welcome.cursors) == {user_log("ada"), thread_log(posted.thread)}
    assert welcome.connection == device.connection.id
    assert 3500 < welcome.expires_in <= 3600


async def test_frames_that_come_before_the_welcome_are_answered_after_it_in_order(
    make_world,
):
    world = await make_world()
    device = world.connect()
    device.put(Hello(device="phone"))
    for number in range(16):
        device.put(
            Send(id=f"r{number}", client_message_id=f"m{number}", text=f"{number}")
        )
    await device.until(lambda: len(device.of(Result)) == 16)

    assert isinstance(device.frames[0], Welcome)
    assert [f.id for f in device.of(Result)] == [f"r{n}" for n in range(16)]


async def test_one_frame_too_many_before_the_welcome_closes_with_4429(make_world):
    world = await make_world()
    world.house.delay.clear()
    device = world.connect()
    device.put(Hello(device="phone"))
    for number in range(17):
        device.put(Unsubscribe(id=str(number), thread="t"))

    assert await device.until_closed() == 4429
    assert device.wire.closed[1].startswith("retry_after=1.000 ")
    assert device.wire.sent == []


async def test_too_many_bytes_before_the_welcome_close_with_4429(make_world):
    world = await make_world(early_bytes=1000, hello_bytes=200)
    world.house.delay.clear()
    device = world.connect()
    device.put(Hello(device="phone"))
    device.put(Send(id="1", client_message_id="m", text="x" * 1300))

    assert await device.until_closed() == 4429


async def test_a_hello_beyond_its_own_limit_is_too_large(make_world):
    world = await make_world(hello_bytes=200)
    device = world.connect()
    device.put(Hello(device="phone", previous="x" * 120, threads=("y" * 120,)))

    assert await device.until_closed() == 1009


@pytest.mark.parametrize(
    "first",
    [
        Unsubscribe(id="1", thread="t"),
        "no json",
        '{"frame":"nonsense"}',
        '{"frame":"hello"}',
        "[" * 50,
    ],
)
async def test_whoever_does_not_begin_with_hello_is_told_so_and_closed(
    make_world, first
):
    world = await make_world()
    device = world.connect()
    device.put(first)

    assert await device.until_closed() == 4400
    assert [type(frame) for frame in device.frames] == [ErrorFrame]


async def test_a_client_that_says_nothing_is_closed_with_4408(make_world):
    world = await make_world(hello_within=0.03)
    device = world.connect()

    assert await device.until_closed() == 4408


async def test_a_client_that_only_answers_pings_has_not_said_hello(make_world):
    world = await make_world(hello_within=0.05)
    device = world.connect()
    device.put(Pong())

    assert await device.until_closed() == 4408
    assert device.wire.sent == []


async def test_a_ticket_says_who_it_is_once(make_world):
    world = await make_world()
    identity = world.house.open_session("ada")
    ticket = await world.house.issue_ticket(identity, "https://page")
    first = world.connect(None, origin="https://page")
    second = world.connect(None, origin="https://page")
    welcome = await first.hello(ticket=ticket)
    second.put(Hello(device="thief", ticket=ticket))

    assert welcome.user.id == "ada"
    assert await second.until_closed() == 4401
    assert [frame.code for frame in second.frames] == ["authenticate"]


async def test_a_ticket_of_another_page_is_worthless(make_world):
    world = await make_world()
    ticket = await world.house.issue_ticket(
        world.house.open_session("ada"), "https://page"
    )
    device = world.connect(None, origin="https://evil")
    device.put(Hello(device="phone", ticket=ticket))

    assert await device.until_closed() == 4401


async def test_a_ticket_must_name_whom_the_cookie_names(make_world):
    world = await make_world()
    ticket = await world.house.issue_ticket(world.house.open_session("bob"), None)
    device = world.connect("ada")
    device.put(Hello(device="phone", ticket=ticket))

    assert await device.until_closed() == 4401


async def test_nobody_is_asked_to_log_in(make_world):
    world = await make_world()
    device = world.connect(None)
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 4401
    assert device.of(ErrorFrame)[0].code == "authenticate"


async def test_a_session_that_ended_during_the_handshake_is_no_session(make_world):
    world = await make_world()
    identity = world.house.open_session("ada")
    del world.house.sessions[identity.session]
    device = world.connect(identity=identity)
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 4401


async def test_a_session_that_ends_while_it_is_looked_up_is_closed(make_world):
    """The registry knows the connection before the question is asked."""
    world = await make_world()
    world.house.delay.clear()
    device = world.connect()
    device.put(Hello(device="phone"))
    await until(lambda: world.house.asked)
    world.registry.close_sessions([device.connection.session])

    assert await device.until_closed() == 4410
    assert device.of(Welcome) == []


@pytest.mark.parametrize("failure", [StorageError("down"), ValueError("theirs")])
async def test_an_authenticator_that_fails_lets_nobody_in_for_now(make_world, failure):
    world = await make_world()
    world.house.failure = failure
    device = world.connect()
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 4503
    assert device.wire.closed[1].startswith("retry_after=")
    assert device.wire.sent == []


async def test_an_authenticator_that_takes_too_long_is_not_waited_for(make_world):
    world = await make_world(authenticated_within=0.03)
    world.house.delay.clear()
    device = world.connect()
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 4503
    assert device.wire.closed[1].startswith("retry_after=")


async def test_a_log_that_cannot_be_read_for_the_welcome_closes_with_4503(make_world):
    world = await make_world()
    device = world.connect(log=Broken(world.log, "heads"))
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 4503
    assert device.wire.sent == []


async def test_a_peer_that_leaves_before_the_welcome_leaves_nothing(make_world):
    world = await make_world()
    world.house.delay.clear()
    device = world.connect()
    device.put(Hello(device="phone"))
    await until(lambda: world.house.asked)
    device.lose()

    assert await device.until_closed() is None
    assert len(world.registry) == 0


# Requests.


async def test_a_message_is_answered_to_its_end(make_world):
    world = await make_world()
    device = await world.welcomed()
    sent = await device.send("one two")
    await device.ask(Subscribe, thread=sent.thread)
    await ended(device, sent)

    transcript = device.replica(sent.thread).transcript
    assert transcript.text_of(sent.run) == "one two "
    assert transcript.state_of(sent.run) == "completed"


async def test_the_same_message_again_gives_the_same_result_and_one_run(make_world):
    world = await make_world()
    device = await world.welcomed()
    first = await device.send("hi", client_message_id="m1")
    again = await device.send("hi", client_message_id="m1")

    assert (again.thread, again.run, again.number) == (
        first.thread,
        first.run,
        first.number,
    )
    await device.ask(Subscribe, thread=first.thread)
    await ended(device, first)
    messages = [
        frame
        for frame in device.replica(first.thread).transcript.items
        if frame.__struct_config__.tag == "message"
    ]
    assert len(messages) == 1


async def test_somebody_elses_thread_does_not_exist_for_anybody_else(make_world):
    """The words are the same, but for the name that was asked for."""
    world = await make_world()
    thread = (await world.threads.create("bob", "secret")).id
    posted = await world.threads.post(
        "bob", "secret", client_message_id="m", thread=thread
    )
    device = await world.welcomed("ada")
    missing = "x" * len(thread)

    for kind, of_bob, of_nobody in (
        (Subscribe, {"thread": thread}, {"thread": missing}),
        (
            Send,
            {"thread": thread, "text": "a", "client_message_id": "n"},
            {"thread": missing, "text": "a", "client_message_id": "n"},
        ),
        (Cancel, {"run": posted.run}, {"run": missing}),
        (Resume, {"log": thread_log(thread)}, {"log": thread_log(missing)}),
    ):
        if kind is Resume:  # it has no id, so its answer is the last error
            errors = []
            for fields in (of_bob, of_nobody):
                before = len(device.of(ErrorFrame))
                device.put(Resume(**fields))
                await device.until(lambda n=before: len(device.of(ErrorFrame)) > n)
                errors.append(device.of(ErrorFrame)[-1])
        else:
            errors = [
                await device.ask(kind, **of_bob),
                await device.ask(kind, **of_nobody),
            ]
        assert [error.code for error in errors] == ["not_found"] * 2
        words = [e.message for e in errors]
        for name in (thread, posted.run, missing):
            words = [w.replace(name[:40], "NAME") for w in words]
        assert words[0] == words[1]
    assert device.events(thread) == []


async def test_a_hello_with_a_foreign_thread_is_welcomed_without_it(make_world):
    world = await make_world()
    thread = (await world.threads.create("bob", "secret")).id
    device = world.connect("ada")
    welcome = await device.hello(threads=(thread, "nowhere"))
    await device.until(lambda: len(device.of(Revoked)) == 2)

    assert set(welcome.cursors) == {user_log("ada")}
    assert {f.log for f in device.of(Revoked)} == {
        thread_log(thread),
        thread_log("nowhere"),
    }


@pytest.mark.parametrize(
    ("sent", "code", "request_id"),
    [
        ("no json", "bad_message", None),
        (b"\xff\xfe", "bad_message", None),
        ("{" * 30 + "}" * 30, "too_deep", None),
        ('{"frame":"dance","id":"q1"}', "unknown_frame", "q1"),
        ('{"frame":"send","id":"q1"}', "bad_message", "q1"),
        (
            '{"frame":"send","id":"q1","client_message_id":"m","text":"\\ud800"}',
            *REFUSED,
            None,
        ),
        ('{"frame":"cancel","id":"q1"}', "bad_message", "q1"),
        (
            '{"frame":"send","id":"q1","client_message_id":"m","text":"  "}',
            *REFUSED,
            "q1",
        ),
        ('{"frame":"hello","device":"again"}', "bad_message", None),
    ],
)
async def test_a_frame_that_makes_no_sense_is_refused_and_the_connection_lives(
    make_world, sent, code, request_id
):
    world = await make_world()
    device = await world.welcomed()
    device.put(sent)
    await device.until(lambda: device.of(ErrorFrame))

    error = device.of(ErrorFrame)[0]
    assert (error.code, error.id) == (code, request_id)
    assert isinstance(await device.send("still here"), Result)


async def test_a_frame_beyond_the_limit_closes_with_1009(make_world):
    world = await make_world(frame_bytes=1000)
    device = await world.welcomed()
    device.put(Send(id="1", client_message_id="m", text="x" * 1000))

    assert await device.until_closed() == 1009


async def test_a_message_beyond_its_limit_is_refused_by_name(make_world):
    world = await make_world(message_bytes=100)
    device = await world.welcomed()
    fits, exceeds = await device.send("é" * 50), await device.send("é" * 50 + "x")

    assert isinstance(fits, Result)
    assert (exceeds.code, exceeds.retryable) == ("too_large", False)


class Broken:
    """A real log of which one method fails."""

    def __init__(self, log, method, error=None):
        self._log = log
        self._method = method
        self.error = error or StorageError("the disk is gone")

    def __getattr__(self, name):
        if name == self._method and self.error is not None:
            return self._fail
        return getattr(self._log, name)

    async def _fail(self, *_args, **_kwargs):
        raise self.error


async def test_a_request_that_cannot_be_stored_may_be_tried_again(make_world):
    world = await make_world()
    device = await world.welcomed()
    world.threads._log = broken = Broken(world.log, "post")
    refused = await device.send("hi", client_message_id="m1")
    broken.error = None
    stored = await device.send("hi", client_message_id="m1")

    assert (refused.code, refused.retryable) == ("unavailable", True)
    assert isinstance(stored, Result)


async def test_a_handlers_bug_costs_one_request_and_tells_no_more_than_a_reference(
    make_world, caplog
):
    world = await make_world()
    make_world.errors_are_meant = True
    device = await world.welcomed()
    world.threads._log = broken = Broken(world.log, "post", ValueError("secret"))
    error = await device.send("hi")
    broken.error = None

    assert error.code == "internal"
    assert error.reference in caplog.text
    assert b"secret" not in b"".join(device.wire.sent)
    assert isinstance(await device.send("hi"), Result)


async def test_five_bugs_in_a_row_close_with_4500(make_world):
    world = await make_world()
    make_world.errors_are_meant = True
    device = await world.welcomed()
    world.threads._log = Broken(world.log, "post", ValueError("secret"))
    for _ in range(5):
        await device.send("hi")

    assert await device.until_closed() == 4500


async def test_a_storage_that_fails_a_while_costs_no_connection(make_world):
    """F66: no 1011; the reader is behind until it is back."""
    world = await make_world()
    sender = await world.welcomed()
    broken = Broken(world.log, "tail")
    reader = world.connect(log=broken)
    await reader.hello()
    sent = await sender.send("hi")
    await reader.ask(Subscribe, thread=sent.thread)
    broken.error = None
    await ended(reader, sent)

    assert reader.wire.closed is None


# Rates.


async def test_frames_beyond_the_rate_are_refused_with_a_delay(make_world):
    world = await make_world(frames_burst=5, frames_per_second=1.0)
    device = await world.welcomed()
    for number in range(6):
        device.put(Unsubscribe(id=str(number), thread="t"))
    await device.until(lambda: device.of(ErrorFrame))

    error = device.of(ErrorFrame)[0]
    assert (error.code, error.retryable) == ("rate_limited", True)
    assert 0 < error.retry_after <= 1.0
    assert len(device.of(Result)) == 4


async def test_a_flood_is_closed_with_4429_and_costs_nobody_else(make_world):
    world = await make_world(frames_burst=5, frames_per_second=1.0)
    honest, flood = await world.welcomed("bob"), await world.welcomed("ada")
    for number in range(200):
        flood.put(Unsubscribe(id=str(number), thread="t"))

    assert await flood.until_closed() == 4429
    assert isinstance(await honest.send("hi"), Result)


# Time.


async def test_a_peer_that_answers_pings_stays_and_is_told_the_heads(make_world):
    world = await make_world(heartbeat_every=0.05, silent_after=1.0)
    device = await world.welcomed()
    sent = await device.send("hi")
    await device.ask(Subscribe, thread=sent.thread)
    await ended(device, sent)
    began = time.monotonic()
    while time.monotonic() - began < 1.3:
        pings = len(device.of(Ping))
        await device.until(lambda n=pings: len(device.of(Ping)) > n)
        device.put(Pong())

    assert device.wire.closed is None
    head = device.of(Ping)[-1].heads[thread_log(sent.thread)]
    assert head == device.replica(sent.thread).cursor


async def test_a_silent_peer_is_closed_with_4408(make_world):
    world = await make_world(heartbeat_every=0.05, silent_after=0.4)
    device = await world.welcomed()

    assert await device.until_closed() == 4408
    assert device.of(Ping)


async def test_a_process_that_stood_still_does_not_take_its_peers_for_silent(
    make_world,
):
    """F31: what they said meanwhile has not been read yet."""
    world = await make_world(heartbeat_every=5.0, silent_after=0.3)
    device = await world.welcomed()
    time.sleep(1.5)  # noqa: ASYNC251 - the fault itself: nothing else may run
    device.put(Pong())
    result = await device.send("still here")

    assert isinstance(result, Result)
    assert device.wire.closed is None


async def test_a_peer_that_stops_reading_is_let_go_of_and_costs_nobody_else(
    make_world,
):
    world = await make_world(send_within=0.05)
    stuck, other = await world.welcomed(), await world.welcomed()
    sent = await other.send("one")
    await other.ask(Subscribe, thread=sent.thread)
    stuck.wire.reads.clear()
    again = await other.send("two", thread=sent.thread)
    await until(stuck.task.done)

    assert stuck.wire.closed is None
    assert len(world.registry) == 1
    await other.until(
        lambda: other.replica(sent.thread).transcript.state_of(again.run) == "completed"
    )


async def test_a_peer_that_reads_slowly_is_given_time(make_world):
    """What leaves one by one is progress, however much is queued behind it."""
    world = await make_world(stalled_after=0.3, send_within=5.0)
    device = await world.welcomed()
    posted = await world.threads.post("ada", "w " * 40, client_message_id="m")
    wire, real_send = device.wire, device.wire.send

    async def send(frame):
        await asyncio.sleep(0.02)
        await real_send(frame)

    wire.send = send
    await device.ask(Subscribe, thread=posted.thread)
    for number in range(20):
        await world.threads.rename("ada", posted.thread, f"title {number}")
    await ended(device, posted)

    assert wire.closed is None
    assert [f.why for f in device.of(Snapshot)] == ["new", "new"]


async def test_a_slow_reader_reaches_a_snapshot_and_ends_with_the_same_transcript(
    make_world,
):
    async def agent(message, ctx):
        for number in range(int(message)):
            yield f"piece {number} "
            async with ctx.tool("look", {"at": number}) as call:
                call.result = "x" * 8_000

    world = await make_world(
        agent,
        merge_bytes=2_000,
        summarise_bytes=8_000,
        snapshot_bytes=40_000,
        snapshot_state_bytes=20_000,
        stalled_after=60.0,
        send_within=60.0,
    )
    thread = (await world.threads.create("ada", "long")).id
    log = thread_log(thread)
    fast = await world.welcomed(threads=(thread,))
    slow = await world.welcomed(threads=(thread,))
    await until_live(slow, log)
    slow.wire.reads.clear()
    await ended(fast, await fast.send("8", thread=thread))
    sent = await fast.send("1", thread=thread)
    await ended(fast, sent)
    slow.wire.reads.set()
    await ended(slow, sent)

    snapshots = [f for f in slow.of(Snapshot) if f.log == log]
    assert [f.why for f in snapshots] == ["new", "behind"]
    assert slow.wire.closed is None
    # The snapshot, what came after it, and what it says lies before it.
    before = await world.log.tail(
        log, max_bytes=2**30, before=snapshots[-1].state.before
    )
    whole = Transcript()
    for frame in [event_frame(entry) for entry in before.entries]:
        whole.apply(frame)
    for frame in snapshots[-1].state.events:
        whole.apply(frame)
    for frame in slow.events(thread):
        if frame.number > snapshots[-1].cursor.number:
            whole.apply(frame)
    truth = Transcript()
    for entry in (await world.log.tail(log, max_bytes=2**30)).entries:
        truth.apply(event_frame(entry))
    assert whole.as_json() == truth.as_json()


# Sessions.


async def test_the_end_of_a_session_closes_with_4410(make_world):
    world = await make_world()
    device, other = await world.welcomed(), await world.welcomed()
    world.registry.close_sessions([device.connection.session])

    assert await device.until_closed() == 4410
    assert isinstance(await other.send("hi"), Result)


async def test_a_session_that_ended_elsewhere_is_noticed_at_a_heartbeat(make_world):
    """Nobody tells this process what another program's authenticator does."""
    world = await make_world(heartbeat_every=0.02)
    device = await world.welcomed()
    del world.house.sessions[device.connection.session]

    assert await device.until_closed() == 4410


async def test_an_authenticator_that_fails_at_a_heartbeat_closes_nobody(make_world):
    world = await make_world(heartbeat_every=0.02)
    device = await world.welcomed()
    world.house.failure = RuntimeError("theirs")
    before = world.house.asked
    await until(lambda: world.house.asked > before + 2)

    assert device.wire.closed is None


async def test_a_session_is_announced_to_expire_and_then_does(make_world):
    world = await make_world(expiring_before=0.1, expired_grace=0.1)
    world.house.lasts = 0.15
    device = await world.welcomed()
    code = await device.until_closed()

    assert code == 4401
    assert len(device.of(Expiring)) == 1
    assert 0 <= device.of(Expiring)[0].within <= 0.1


async def test_a_session_without_an_end_is_a_number_on_the_wire(make_world):
    world = await make_world()
    world.house.lasts = float("inf")
    device = world.connect()

    assert (await device.hello()).expires_in > 3600


async def test_a_fresh_ticket_keeps_the_connection_beyond_its_session(make_world):
    world = await make_world(expiring_before=0.2, expired_grace=0.1)
    world.house.lasts = 0.25
    device = await world.welcomed()
    await device.until(lambda: device.of(Expiring))
    world.house.lasts = 3600.0
    identity = world.house.open_session("ada")
    ticket = await world.house.issue_ticket(identity, None)
    result = await device.ask(Authenticate, ticket=ticket)
    await asyncio.sleep(0.2)

    assert result.expires_in > 3000
    assert device.connection.session == identity.session
    assert device.wire.closed is None


async def test_a_ticket_of_somebody_else_does_not_change_who_it_is(make_world):
    world = await make_world()
    device = await world.welcomed("ada")
    ticket = await world.house.issue_ticket(world.house.open_session("bob"), None)
    refused = await device.ask(Authenticate, ticket=ticket)
    worthless = await device.ask(Authenticate, ticket="never was")

    assert (refused.code, worthless.code) == ("forbidden", "authenticate")
    assert device.connection.user == "ada"


async def test_one_connection_more_than_allowed_costs_the_oldest_its_place(make_world):
    world = await make_world(connections_per_user=20)
    devices = [await world.welcomed() for _ in range(20)]
    other = await world.welcomed("bob")
    await world.welcomed()

    assert await devices[0].until_closed() == 4409
    assert all(d.wire.closed is None for d in [*devices[1:], other])
    assert len(world.registry) == 21


async def test_a_deleted_thread_is_revoked_on_every_device_that_follows_it(make_world):
    world = await make_world()
    posted = await world.threads.post("ada", "hi", client_message_id="m")
    log = thread_log(posted.thread)
    devices = [await world.welcomed(threads=(posted.thread,)) for _ in range(2)]
    for device in devices:
        await until_live(device, log)
    await world.threads.delete("ada", posted.thread)
    for device in devices:
        await device.until(lambda d=device: d.of(Revoked))

    assert [f.log for d in devices for f in d.of(Revoked)] == [log, log]
    refused = await devices[0].ask(Subscribe, thread=posted.thread)
    assert refused.code == "not_found"


# Draining.


async def test_a_drain_is_announced_and_then_closes_with_1001(make_world):
    world = await make_world(drain_within=0.1)
    device = await world.welcomed()
    device.connection.drain(reconnect_after=0.7)
    device.connection.drain(reconnect_after=0.9)
    await device.until(lambda: device.of(Draining))
    still = await device.send("delivered still")
    code = await device.until_closed()

    assert isinstance(still, Result)
    assert code == 1001
    assert device.wire.closed[1].startswith("retry_after=0.700 ")
    assert [f.reconnect_after for f in device.of(Draining)] == [0.7]


async def test_a_drain_before_the_welcome_closes_at_once(make_world):
    world = await make_world()
    device = world.connect()
    await asyncio.sleep(0)
    device.connection.drain(reconnect_after=0.7)

    assert await device.until_closed() == 1001
    assert device.wire.sent == []


async def test_whoever_says_hello_during_a_drain_is_sent_on(make_world):
    world = await make_world()
    world.registry.drain(lambda: 0.5)
    device = world.connect()
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 1001
    assert device.of(Welcome) == []


async def test_the_first_reason_to_close_stands(make_world):
    world = await make_world()
    device = await world.welcomed()
    world.registry.close_sessions([device.connection.session])
    device.connection.drain(reconnect_after=1.0)
    device.lose()

    assert await device.until_closed() == 4410


async def test_a_peer_that_leaves_is_gone_from_the_registry(make_world):
    world = await make_world()
    device = await world.welcomed()
    device.lose()

    assert await device.until_closed() is None
    assert len(world.registry) == 0


async def test_closing_does_not_wait_for_a_peer_that_does_not_read(make_world):
    world = await make_world()
    device = await world.welcomed()
    device.wire.reads.clear()
    await world.threads.create("ada", "a hint that cannot leave")
    world.registry.close_sessions([device.connection.session])
    async with asyncio.timeout(5):
        await device.task

    assert len(world.registry) == 0


# Following.


class LateBus:
    """A real bus that lets something happen right after a subscription."""

    def __init__(self, bus):
        self._bus = bus
        self.after = {}

    async def subscribe(self, log, heard):
        await self._bus.subscribe(log, heard)
        if log in self.after:
            await self.after.pop(log)()

    def __getattr__(self, name):
        return getattr(self._bus, name)


@pytest.mark.parametrize("has_cursor", [True, False])
async def test_what_is_said_between_subscribing_and_reading_comes_once(
    make_world, has_cursor
):
    """F36: subscribe first, then read; neither lost nor repeated."""
    world = await make_world()
    first = await world.threads.post("ada", "one", client_message_id="m1")
    await world.wait_idle()
    log = thread_log(first.thread)
    cursor = (await world.log.heads([log]))[log] if has_cursor else None
    bus = LateBus(world.bus)
    device = world.connect(bus=bus)

    async def meanwhile():
        await world.threads.post(
            "ada", "two", client_message_id="m2", thread=first.thread
        )

    bus.after[log] = meanwhile
    await device.hello(threads=(first.thread,), cursors={log: cursor} if cursor else {})
    await until_live(device, log)
    await world.wait_idle()
    head = (await world.log.heads([log]))[log]
    await device.until(lambda: reached(device, log) == head.number)

    numbers = [
        number
        for frame in device.events(first.thread)
        for number in range(frame.first or frame.number, frame.number + 1)
    ]
    assert numbers == list(range(numbers[0], head.number + 1))
    texts = [
        f.event.text
        for f in device.events(first.thread)
        if isinstance(f.event, UserMessage)
    ]
    assert texts == (["two"] if has_cursor else [])  # or the snapshot has it


def reached(device, log):
    last = 0
    for frame in device.frames:
        if isinstance(frame, Snapshot) and frame.log == log:
            last = frame.cursor.number
        if isinstance(frame, EventFrame) and frame.log == log:
            last = frame.number
    return last


async def test_a_lost_last_hint_is_found_at_the_heartbeat(make_world):
    """F37: the bus is a hint, the log is the truth."""
    world = await make_world(heartbeat_every=0.02)
    posted = await world.threads.post("ada", "hi", client_message_id="m")
    device = await world.welcomed(threads=(posted.thread,))
    await ended(device, posted)
    # Nobody publishes the hints of this one.
    await world.log.record(
        thread_log(posted.thread),
        [UserMessage(text="unheard", client_message_id="u")],
        now=1.0,
    )
    await device.until(
        lambda: any(
            isinstance(f.event, UserMessage) and f.event.text == "unheard"
            for f in device.events(posted.thread)
        )
    )


async def test_another_processes_commit_is_found_when_asked_to_look(make_world):
    world = await make_world()
    device = await world.welcomed()
    # Until then the snapshot might hold it already.
    await device.until(lambda: device.of(Live))
    await world.log.create_thread("ada", "from elsewhere", now=1.0)
    device.connection.check_heads()
    await device.until(lambda: [f for f in device.of(EventFrame) if f.number == 1])


async def test_hints_of_another_history_are_not_believed(make_world):
    world = await make_world()
    posted = await world.threads.post("ada", "hi", client_message_id="m")
    log = thread_log(posted.thread)
    device = await world.welcomed(threads=(posted.thread,))
    await ended(device, posted)
    await until_live(device, log)
    head = (await world.log.heads([log]))[log]
    world.bus.publish([Hint(log, "other", "other", head.number + 1, head.number + 9)])
    sent = await device.send("more", thread=posted.thread)
    await device.until(
        lambda: (
            device.replica(posted.thread).transcript.state_of(sent.run) == "completed"
        )
    )


async def test_a_cursor_of_another_history_gets_a_snapshot(make_world):
    world = await make_world()
    posted = await world.threads.post("ada", "hi", client_message_id="m")
    log = thread_log(posted.thread)
    device = world.connect()
    await device.hello(
        threads=(posted.thread,), cursors={log: Cursor("older", "older", 1)}
    )
    await until_live(device, log)

    assert [f.why for f in device.of(Snapshot) if f.log == log] == ["epoch"]


async def test_a_reader_that_is_far_behind_gets_a_snapshot(make_world):
    world = await make_world(replay_events=2)
    posted = await world.threads.post("ada", "a b c d e f g", client_message_id="m")
    await world.wait_idle()
    log = thread_log(posted.thread)
    start = (await world.log.heads([log]))[log]
    device = world.connect()
    await device.hello(
        threads=(posted.thread,),
        cursors={log: Cursor(start.epoch, start.incarnation, 1)},
    )
    await until_live(device, log)

    assert [f.why for f in device.of(Snapshot) if f.log == log] == ["behind"]


async def test_s38_a_connection_follows_only_so_many_threads(make_world):
    """Each is in every ping, which would outgrow the largest frame."""
    world = await make_world(frames_burst=1000)
    most = FOLLOWED_THREADS
    threads = [(await world.threads.create("ada")).id for _ in range(most + 2)]
    device = await world.welcomed(threads=threads[:60])
    for thread in threads[60 : most - 4]:
        await device.ask(Subscribe, thread=thread)
    answers = [
        await device.ask(Subscribe, thread=thread) for thread in threads[most - 4 :]
    ]
    again = await device.ask(Subscribe, thread=threads[0])
    await device.ask(Unsubscribe, thread=threads[0])
    place = await device.ask(Subscribe, thread=threads[-1])

    codes = [getattr(answer, "code", None) for answer in answers]
    assert codes == [None] * 4 + ["conflict"] * 2
    assert isinstance(again, Result)
    assert isinstance(place, Result)


async def test_resume_goes_back_to_the_cursor_without_moving_the_screen(make_world):
    world = await make_world()
    one = await world.threads.post("ada", "one", client_message_id="m1")
    two = await world.threads.post("ada", "two", client_message_id="m2")
    device = await world.welcomed(threads=(one.thread, two.thread))
    await world.wait_idle()
    log = thread_log(one.thread)
    await until_live(device, log)
    head = (await world.log.heads([log]))[log]
    await device.until(lambda: reached(device, log) == head.number)
    before = len(device.events(one.thread))
    device.put(Resume(log=log, cursor=Cursor(head.epoch, head.incarnation, 1)))
    await device.until(lambda: len(device.of(Live)) == 4)

    again = device.events(one.thread)[before:]
    assert again[0].number == 2
    assert again[-1].number == head.number
    following = device.connection._following
    assert following.is_on_screen(thread_log(two.thread))
    assert not following.is_on_screen(log)


async def test_a_thread_that_left_the_screen_sends_nothing(make_world):
    world = await make_world()
    posted = await world.threads.post("ada", "one", client_message_id="m1")
    device = await world.welcomed(threads=(posted.thread,))
    await ended(device, posted)
    await until_live(device, thread_log(posted.thread))
    await device.ask(Unsubscribe, thread=posted.thread)
    before = len(device.events(posted.thread))
    again = await device.send("two", thread=posted.thread)
    await world.wait_idle()
    await device.until(
        lambda: any(
            getattr(f.event, "run", None) == again.run
            and f.event.__struct_config__.tag == "run_ended"
            for f in device.of(EventFrame)
        )
    )

    assert len(device.events(posted.thread)) == before


async def test_a_summary_sends_no_events_and_coming_back_misses_none(make_world):
    world = await make_world(heartbeat_every=0.02)
    posted = await world.threads.post("ada", "one two", client_message_id="m1")
    await world.wait_idle()
    log = thread_log(posted.thread)
    device = await world.welcomed()
    await device.ask(Subscribe, thread=posted.thread, detail="summary")
    await device.until(lambda: any(log in ping.heads for ping in device.of(Ping)))
    assert device.events(posted.thread) == []
    head = device.of(Ping)[-1].heads[log]
    start = Cursor(head.epoch, head.incarnation, 0)
    await device.ask(Subscribe, thread=posted.thread, cursor=start)
    await until_live(device, log)

    assert device.events(posted.thread)[-1].number == head.number
    text = "".join(
        f.event.text
        for f in device.events(posted.thread)
        if isinstance(f.event, TextDelta)
    )
    assert text == "one two "


async def test_every_frame_is_one_json_object_below_the_limit(make_world):
    world = await make_world()
    device = await world.welcomed()
    sent = await device.send("hi " * 500)
    await device.ask(Subscribe, thread=sent.thread)
    await ended(device, sent)

    for data in device.wire.sent:
        assert len(data) <= world.settings.frame_bytes
        assert isinstance(json.loads(data), dict)


async def test_a_bug_in_the_follower_is_1011_and_logged(make_world, caplog):
    world = await make_world()
    make_world.errors_are_meant = True
    device = world.connect(log=Broken(world.log, "overview", AuthError("a bug")))
    device.put(Hello(device="phone"))

    assert await device.until_closed() == 1011
    assert "a bug" in caplog.text
