"""A device over a real server: what it promises when the network does not."""

import asyncio
import logging

import pytest

from goldenpath.client import Client, HTTPClient
from goldenpath.client._requests import Requests
from goldenpath.errors import (
    AuthError,
    GoldenpathError,
    LocalProtocolError,
    RefusedError,
)
from goldenpath.protocol import (
    Cursor,
    InputRequested,
    Transcript,
    UserMessage,
)
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import (
    Cancel,
    Draining,
    ErrorFrame,
    EventFrame,
    Ping,
    Result,
    Revoked,
    Snapshot,
    SnapshotState,
    Welcome,
)

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]


class Stages:
    """An agent that says one word each time it is let go on."""

    def __init__(self):
        self.steps = asyncio.Semaphore(0)
        self.said = 0

    def go_on(self, times=1):
        for _ in range(times):
            self.steps.release()

    async def __call__(self, message, ctx):
        for number in range(4):
            await self.steps.acquire()
            self.said += 1
            yield f"{message}{number} 𝄞 "


async def questioner(message, ctx):
    yield f"you like {await ctx.ask('Which?', choices=['red', 'blue'])}"


async def sleeper(message, ctx):
    yield "sleeping"
    if message != "quick":
        await asyncio.Event().wait()


async def until(is_true):
    """Look again and again, for what no frame tells of."""
    async with asyncio.timeout(10):
        while not is_true():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def until_stored(http):
    """Look again and again: the acknowledgement is what the test holds back."""
    async with asyncio.timeout(10):
        while not await http.threads():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def told(http, thread):
    """Return what the server's history shows."""
    transcript = Transcript()
    for frame in await http.history(thread):
        transcript.apply(frame)
    return transcript.as_json()


def messages(frames):
    return [f.event.text for f in frames if isinstance(f.event, UserMessage)]


# Answers over cuts.


async def test_a_cut_in_the_middle_of_an_answer_loses_and_repeats_nothing(
    serve, connect
):
    agent = Stages()
    server = await serve(agent)
    http = await server.http()
    heard = []
    client = await connect(http, heard=heard.append)
    sent = await client.send("word")
    replica = client.replica(sent.thread)
    agent.go_on()
    await client.wait_for(lambda: "word0" in replica.transcript.text_of(sent.run))

    client.cut()
    agent.go_on(2)
    await until(lambda: agent.said == 3)
    await client.wait_for(lambda: client.welcomes == 2)
    client.cut()
    agent.go_on()

    assert await client.wait_run_ended(sent) == "completed"
    assert replica.transcript.text_of(sent.run) == "".join(
        f"word{number} 𝄞 " for number in range(4)
    )
    assert replica.transcript.as_json() == await told(http, sent.thread)
    numbers = [
        number
        for frame in heard
        if isinstance(frame, EventFrame) and frame.log == replica.log
        for number in range(frame.first or frame.number, frame.number + 1)
    ]
    assert numbers == sorted(set(numbers))
    assert sum(isinstance(frame, Welcome) for frame in heard) == client.welcomes


async def test_a_message_whose_acknowledgement_is_cut_is_delivered_once(
    serve, network, connect
):
    """It was stored, the device does not know, and says it again."""
    server = await serve()
    direct = await server.http()
    await network.start(server.port)
    client = await connect(await server.http(url=network.url))

    network.reaches.clear()
    sending = asyncio.create_task(client.send("once only"))
    await until_stored(direct)
    assert not sending.done()
    network.cut()
    network.reaches.set()
    sent = await sending

    assert await client.wait_run_ended(sent) == "completed"
    (thread,) = await direct.threads()
    assert thread.id == sent.thread
    history = await direct.history(thread.id)
    assert messages(history) == ["once only"]
    assert len({frame.run for frame in history if frame.run}) == 1
    assert client.welcomes == 2


async def test_a_message_sent_while_the_server_is_down_arrives_later(serve, connect):
    server = await serve()
    http = await server.http()
    client = await connect(http)
    await server.stop()
    sending = [asyncio.create_task(client.send(f"unsent {i}")) for i in range(3)]
    # A device that was never connected waits just as well.
    fresh = await connect(await server.http(), live=False)
    first = asyncio.create_task(fresh.send("first words"))
    await asyncio.wait(sending, timeout=0.05)
    assert not any(task.done() for task in (*sending, first))

    await server.start()
    results = await asyncio.gather(*sending, first)

    states = [
        await device.wait_run_ended(sent)
        for device, sent in zip([client] * 3 + [fresh], results, strict=True)
    ]
    assert states == ["completed"] * 4
    assert len(await http.threads()) == 4


async def test_a_device_comes_back_to_the_next_server_when_one_drains(serve, connect):
    """There is no other server meanwhile: it stays until this one closes."""
    server = await serve(drain_within=0.3)
    http = await server.http()
    heard = []
    client = await connect(http, heard=heard.append)
    sent = await client.send("before")
    await client.wait_run_ended(sent)

    async with asyncio.timeout(10):
        await server.stop()
    await server.start()
    again = await client.send("after", thread=sent.thread)
    await client.wait_run_ended(again)

    assert [type(f) for f in heard].count(Draining) == 1
    replica = client.replica(sent.thread)
    assert replica.transcript.as_json() == await told(http, sent.thread)
    assert messages(await http.history(sent.thread)) == ["before", "after"]


async def test_what_a_drain_asks_for_is_waited_for(peer, connect, welcome):
    """The next server must not meet all devices at once."""
    came = []

    async def handler(connection):
        came.append(asyncio.get_running_loop().time())
        await connection.recv()
        await connection.send(welcome())
        if len(came) == 1:
            frame = Draining(within=9.0, reconnect_after=0.2, reason="deploy")
            await connection.send(encode_frame(frame), text=True)
        await connection.wait_closed()

    client = await connect(await peer(handler))
    async with asyncio.timeout(10):
        await client.wait_for(lambda: client.welcomes == 2)

    assert 0.2 <= came[1] - came[0] < 2.0


async def test_f57_a_device_opens_the_next_connection_before_it_leaves_this_one(
    peer, connect, welcome
):
    """Otherwise every hour has a gap, in the middle of somebody's answer."""
    order = []
    left = asyncio.Event()

    async def handler(connection):
        number = 1 + order.count("opened")
        order.append("opened")
        await connection.recv()
        if number == 1:
            await connection.send(welcome())
            frame = Draining(within=9.0, reconnect_after=0.0, reason="age")
            await connection.send(encode_frame(frame), text=True)
            await connection.wait_closed()
            order.append("left")
            left.set()
        else:
            order.append("first is there" if "left" not in order else "gap")
            await connection.send(welcome())
            await connection.wait_closed()

    client = await connect(await peer(handler))
    async with asyncio.timeout(10):
        await client.wait_for(lambda: client.welcomes == 2)
        await left.wait()

    assert order == ["opened", "opened", "first is there", "left"]


async def test_a_device_stays_while_there_is_nowhere_to_go(peer, connect, welcome):
    """What drains may be the only server there is."""
    refused = asyncio.Event()
    answered = asyncio.Event()
    came = []

    async def handler(connection):
        came.append(connection)
        await connection.recv()
        if len(came) > 1:
            refused.set()
            await connection.close(1013, "retry_after=9 full")
            return
        await connection.send(welcome())
        frame = Draining(within=0.5, reconnect_after=0.0, reason="deploy")
        await connection.send(encode_frame(frame), text=True)
        await refused.wait()
        await connection.send(encode_frame(Ping(heads={})), text=True)
        assert b"pong" in (await connection.recv()).encode()
        answered.set()
        await connection.wait_closed()

    client = await connect(await peer(handler))
    async with asyncio.timeout(10):
        await refused.wait()
        await answered.wait()

    assert client.welcomes == 1


async def test_f57_an_answer_crosses_many_rotations_without_a_gap(serve, connect):
    """A host that cuts requests at one second: nobody notices."""

    async def slow(message, ctx):
        for number in range(60):
            yield f"{number} "
            await asyncio.sleep(0.05)

    server = await serve(agent=slow, max_connection_age=1.0)
    http = await server.http()
    client = await connect(http)
    was_live = []
    client._heard = lambda _frame: was_live.append(client._is_live)
    sent = await client.send("count")
    await client.wait_run_ended(sent)

    assert client.welcomes >= 3
    assert all(was_live)
    replica = client.replica(sent.thread)
    assert replica.transcript.as_json() == await told(http, sent.thread)


async def test_more_threads_than_a_hello_may_name_are_followed_over_a_cut(
    serve, connect
):
    """One more would make the hello wrong, and the device would never come back."""
    server = await serve(frames_per_second=2000.0, frames_burst=2000)
    client = await connect(await server.http())
    other = await connect(await server.http())
    sent = await asyncio.gather(*(client.send(f"{number}") for number in range(70)))
    for result in sent:
        await client.wait_run_ended(result)

    client.cut()
    await client.wait_for(lambda: client.welcomes == 2)
    more = [
        await other.send("more", thread=result.thread)
        for result in (*sent[:8], *sent[-2:])
    ]

    async with asyncio.timeout(20):
        for result in more:
            assert await client.wait_run_ended(result) == "completed"


async def test_a_burst_is_sent_at_the_pace_that_the_server_allows(serve, connect):
    """Refusals of a frame that was not read name no request: nobody would know."""
    server = await serve(frames_per_second=100.0, frames_burst=20)
    refused = []

    def hear(frame):
        if isinstance(frame, ErrorFrame):
            refused.append(frame)

    http = await server.http()
    client = await connect(http, heard=hear)
    thread = (await client.send("first")).thread

    sent = await asyncio.gather(
        *(client.send(f"{number}", thread=thread) for number in range(60))
    )

    assert refused == []
    assert client.welcomes == 1
    assert len({result.number for result in sent}) == 60


async def test_a_backlog_is_sent_again_at_that_pace_too(serve, network, connect):
    server = await serve(frames_per_second=100.0, frames_burst=20)
    await network.start(server.port)
    http = await server.http(url=network.url)
    client = await connect(http)
    thread = (await client.send("first")).thread
    network.reaches.clear()
    sending = [
        asyncio.create_task(client.send(f"{number}", thread=thread))
        for number in range(30)
    ]
    await asyncio.wait(sending, timeout=0.05)

    network.cut()
    network.reaches.set()
    await asyncio.gather(*sending)

    texts = messages(await http.history(thread))
    assert sorted(texts[1:]) == sorted(str(number) for number in range(30))
    assert client.welcomes == 2


# Ends.


async def test_a_logout_elsewhere_ends_all_waiting(serve, connect):
    server = await serve(sleeper)
    http, elsewhere = await server.http(), await server.http()
    client = await connect(http)
    sent = await client.send("never ends")
    waits = [
        asyncio.create_task(client.wait_run_ended(sent)),
        asyncio.create_task(client.wait_for(lambda: False)),
    ]
    await elsewhere.logout()

    for wait in waits:
        with pytest.raises(AuthError, match="session was ended"):
            await wait
    for attempt in (client.send("x"), client.wait_live(), client.cancel(run=sent.run)):
        with pytest.raises(AuthError):
            await attempt
    assert isinstance(client.stopped, AuthError)


async def test_an_unanswered_message_raises_when_the_session_ends(
    serve, network, connect
):
    server = await serve()
    direct = await server.http()
    await network.start(server.port)
    client = await connect(await server.http(url=network.url))
    network.reaches.clear()
    sending = asyncio.create_task(client.send("x"))
    await until_stored(direct)

    await direct.logout()
    network.cut()
    network.reaches.set()

    with pytest.raises(AuthError):
        await sending


@pytest.mark.parametrize("token", ["", "wrong", "x" * 500])
async def test_a_token_that_proves_nothing_is_an_auth_error(serve, connect, token):
    server = await serve()
    http = await server.http()
    http.token = token
    client = await connect(http, live=False)

    with pytest.raises(AuthError):
        await client.wait_live()


async def test_the_oldest_of_too_many_connections_stays_away(serve, connect):
    server = await serve(connections_per_user=1)
    http = await server.http()
    oldest = await connect(http)

    newest = await connect(http)

    with pytest.raises(RefusedError, match="too many connections") as refused:
        await oldest.wait_for(lambda: False)
    assert refused.value.code == "4409"
    assert newest.stopped is None


async def test_stopping_gives_up_what_was_not_acknowledged(serve, connect):
    """With an error that says so: a cancellation would look like somebody else's."""
    server = await serve()
    client = await connect(await server.http())
    await server.stop()
    sending = asyncio.create_task(client.send("x"))
    waiting = asyncio.create_task(client.wait_for(lambda: False))
    await asyncio.wait([sending], timeout=0.02)

    await client.stop()
    await client.stop()

    for task in (sending, waiting):
        with pytest.raises(RefusedError, match="was stopped") as refused:
            await task
        assert refused.value.retryable
    for attempt in (client.send("y"), client.wait_live(), client.follow("t")):
        with pytest.raises(RefusedError, match="was stopped"):
            await attempt


async def test_a_stopped_device_can_be_started_again_and_resumes(serve, connect):
    server = await serve()
    http = await server.http()
    heard = []
    client = await connect(http, heard=heard.append)
    sent = await client.send("one")
    await client.wait_run_ended(sent)
    await client.stop()
    other = await connect(await server.http())
    second = await other.send("two", thread=sent.thread)
    await other.wait_run_ended(second)
    heard.clear()

    client.start()
    await client.wait_run_ended(second)

    assert not any(
        isinstance(f, Snapshot) and f.log.startswith("thread:") for f in heard
    )
    replica = client.replica(sent.thread)
    assert replica.transcript.as_json() == await told(http, sent.thread)


async def test_a_device_must_be_started_once_and_first(serve):
    server = await serve()
    client = Client(await server.http())

    for attempt in (client.send("x"), client.wait_live(), client.wait_for(bool)):
        with pytest.raises(LocalProtocolError, match="start the client first"):
            await attempt
    await client.stop()
    client.cut()
    async with client:
        with pytest.raises(LocalProtocolError, match="started already"):
            client.start()


async def test_who_gives_up_waiting_leaves_no_task_behind(serve, connect):
    server = await serve()
    http = await server.http()
    await server.stop()
    client = await connect(http, live=False)
    before = asyncio.all_tasks()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.03):
            await client.wait_live()

    assert not {t for t in asyncio.all_tasks() - before if "wait" in repr(t)}


async def test_what_a_listener_raises_stops_the_device_and_is_told(serve, connect):
    """It would be lost otherwise, and everybody would wait for ever."""
    server = await serve()

    def hear(frame):
        if isinstance(frame, Snapshot) and frame.log.startswith("thread:"):
            raise ZeroDivisionError("mine")

    client = await connect(await server.http(), heard=hear)

    async def talk():
        await client.send("x")
        await client.wait_for(lambda: False)

    with pytest.raises(ZeroDivisionError, match="mine"):
        await talk()
    with pytest.raises(ZeroDivisionError, match="mine"):
        await client.send("y")


# Refusals.


@pytest.mark.parametrize(
    ("text", "thread", "code"),
    [
        ("", None, "bad_message"),
        ("x" * 600, None, "too_large"),
        ("x", "no-such-thread", "not_found"),
        ("x", "t" * 500, "bad_message"),
    ],
)
async def test_a_refused_message_says_why(serve, connect, text, thread, code):
    server = await serve(message_bytes=500)
    client = await connect(await server.http())

    with pytest.raises(RefusedError) as refused:
        await client.send(text, thread=thread)

    assert refused.value.code == code
    assert not refused.value.retryable
    assert client.welcomes == 1


async def test_a_frame_beyond_the_limit_is_refused_before_it_is_sent(serve, connect):
    """The server would close, the device would come back and say it again."""
    server = await serve(frame_bytes=4096, message_bytes=4096)
    client = await connect(await server.http())

    with pytest.raises(RefusedError) as refused:
        await client.send("x" * 5000)
    await client.send("y")

    assert refused.value.code == "too_large"
    assert client.welcomes == 1


async def test_it_is_refused_also_if_it_was_written_while_offline(serve, connect):
    server = await serve(frame_bytes=4096, message_bytes=4096)
    http = await server.http()
    await server.stop()
    client = await connect(http, live=False)
    sending = asyncio.create_task(client.send("x" * 5000))
    await asyncio.wait([sending], timeout=0.02)

    await server.start()

    with pytest.raises(RefusedError) as refused:
        await sending
    assert refused.value.code == "too_large"
    assert (await client.wait_live()).user.name == "ada"


async def test_a_value_that_is_no_json_is_the_callers_fault(serve, connect):
    server = await serve()
    client = await connect(await server.http())

    with pytest.raises(TypeError):
        await client.answer("run", "call", object())

    assert client.stopped is None


async def test_a_foreign_thread_is_refused_and_not_asked_for_again(serve, connect):
    server = await serve()
    hers = await connect(await server.http())
    sent = await hers.send("private")
    heard = []
    his = await connect(await server.http("bob"), heard=heard.append)

    for attempt in (
        his.follow(sent.thread),
        his.send("x", thread=sent.thread),
        his.cancel(run=sent.run),
        his.retry(sent.run),
        his.answer(sent.run, "call", 1),
    ):
        with pytest.raises(RefusedError) as refused:
            await attempt
        assert refused.value.code == "not_found"
    his.cut()
    await his.wait_for(lambda: his.welcomes == 2)
    await his.send("mine")

    assert f"thread:{sent.thread}" not in his.replicas
    assert not [frame for frame in heard if isinstance(frame, Revoked)]
    assert "private" not in repr(heard)


async def test_waiting_for_a_run_ends_when_its_thread_is_deleted(serve, connect):
    server = await serve(sleeper)
    http = await server.http()
    client = await connect(http)
    sent = await client.send("never ends")
    waiting = asyncio.create_task(client.wait_run_ended(sent))
    await client.wait_for(
        lambda: client.replica(sent.thread).transcript.text_of(sent.run)
    )

    await http.delete_thread(sent.thread)

    with pytest.raises(RefusedError) as refused:
        async with asyncio.timeout(10):
            await waiting
    assert refused.value.code == "not_found"
    assert f"thread:{sent.thread}" not in client.replicas


# Requests.


async def test_a_run_is_stopped_by_its_name_or_its_messages(serve, connect):
    server = await serve(sleeper)
    client = await connect(await server.http())
    first = await client.send("a")
    second = await client.send("b", client_message_id="named")

    await client.cancel(run=first.run)
    await client.cancel(client_message_id="named")

    assert await client.wait_run_ended(first) == "cancelled"
    assert await client.wait_run_ended(second) == "cancelled"


async def test_a_stopped_run_is_retried_in_its_place(serve, connect):
    server = await serve(sleeper)
    http = await server.http()
    client = await connect(http)
    sent = await client.send("quickly")
    await client.cancel(run=sent.run)
    await client.wait_run_ended(sent)

    again = await client.retry(sent.run)
    await client.cancel(run=again.run)

    assert again.run != sent.run
    assert (again.thread, again.number) == (sent.thread, sent.number)
    assert await client.wait_run_ended(again) == "cancelled"
    assert messages(await http.history(sent.thread)) == ["quickly"]


async def test_a_completed_run_is_not_retried(serve, connect):
    server = await serve(sleeper)
    client = await connect(await server.http())
    sent = await client.send("quick")
    await client.wait_run_ended(sent)

    with pytest.raises(RefusedError) as refused:
        await client.retry(sent.run)

    assert refused.value.code == "conflict"


async def test_an_answer_reaches_the_agent_also_over_a_cut(serve, connect):
    server = await serve(questioner)
    http = await server.http()
    questions = []

    def hear(frame):
        if isinstance(frame, EventFrame) and isinstance(frame.event, InputRequested):
            questions.append(frame.event.call)

    client = await connect(http, heard=hear)
    sent = await client.send("x")
    replica = client.replica(sent.thread)
    await client.wait_for(lambda: replica.transcript.open_question(sent.run))
    call = replica.transcript.open_question(sent.run)

    client.cut()
    await client.answer(sent.run, call, "blue")

    assert await client.wait_run_ended(sent) == "completed"
    assert replica.transcript.text_of(sent.run) == "you like blue"
    assert len(questions) <= 1


# Peers that are not as they should be.


async def test_a_server_that_falls_silent_is_left(peer, connect, welcome):
    """A path that broke without a word would never end by itself."""
    hellos = []

    async def handler(connection):
        hellos.append(await connection.recv())
        await connection.send(welcome(heartbeat_every=0.02, silent_after=0.1))
        await connection.wait_closed()

    client = await connect(await peer(handler))
    async with asyncio.timeout(10):
        await client.wait_for(lambda: client.welcomes == 3)

    assert len(hellos) == 3


@pytest.mark.parametrize("junk", ["", "{", "[]", '{"frame":"event"}', b"\xff\xfe"])
@pytest.mark.parametrize("is_early", [True, False])
async def test_a_server_that_talks_nonsense_is_left_for_a_while(
    peer, connect, welcome, junk, is_early
):
    came = []

    async def handler(connection):
        came.append(connection)
        await connection.recv()
        if len(came) == 1:
            if not is_early:
                await connection.send(welcome())
            await connection.send(junk)
        await connection.send(welcome())
        await connection.wait_closed()

    client = await connect(await peer(handler), live=False)
    async with asyncio.timeout(10):
        await client.wait_for(lambda: len(came) == 2 and client.welcomes >= 1)

    assert client.stopped is None


async def test_a_handshake_that_is_refused_for_now_is_tried_again(
    peer, connect, welcome
):
    """A proxy says this during a deploy, and so does a server that is going away."""

    async def handler(connection):
        await connection.recv()
        await connection.send(welcome())
        await connection.wait_closed()

    client = await connect(await peer(handler, refuses=[503, 502, 404]))

    assert client.welcomes == 1


async def test_frames_and_events_of_the_future_are_passed_over(peer, connect, welcome):
    frames = [
        '{"frame":"fanfare","notes":[1,2]}',
        (
            '{"frame":"snapshot","log":"thread:t","why":"new","mood":"good",'
            '"cursor":{"epoch":"e","incarnation":"i","number":0},"state":{}}'
        ),
        (
            '{"frame":"event","log":"thread:t","epoch":"e","incarnation":"i","number":1,'
            '"time":1.0,"event":{"type":"agent_dances"}}'
        ),
        (
            '{"frame":"event","log":"thread:t","epoch":"e","incarnation":"i","number":2,'
            '"time":1.0,"event":{"type":"user_message","text":"x","client_message_id":"m"}}'
        ),
    ]

    async def handler(connection):
        await connection.recv()
        await connection.send(welcome())
        for frame in frames:
            await connection.send(frame)
        await connection.wait_closed()

    client = await connect(await peer(handler))
    replica = client.replica("t")
    await client.wait_for(lambda: replica.cursor and replica.cursor.number == 2)

    assert [item.text for item in replica.transcript.items] == ["x"]


async def test_a_hole_and_a_lost_last_event_are_asked_for(peer, connect, welcome):
    asked = []

    def event(number):
        return encode_frame(
            EventFrame(
                log="thread:t",
                epoch="e",
                incarnation="i",
                number=number,
                time=1.0,
                event=UserMessage(text=f"{number}", client_message_id=f"{number}"),
            )
        )

    snapshot = Snapshot(
        log="thread:t", cursor=Cursor("e", "i", 4), why="new", state=SnapshotState()
    )
    ping = Ping(heads={"thread:t": Cursor("e", "i", 7), "thread:u": snapshot.cursor})

    async def handler(connection):
        await connection.recv()
        await connection.send(welcome())
        for frame in (encode_frame(snapshot), event(6), event(5), encode_frame(ping)):
            await connection.send(frame, text=True)
        async for data in connection:
            asked.append(data)
            if len(asked) == 3:
                for number in (4, 5, 6, 7):
                    await connection.send(event(number), text=True)

    client = await connect(await peer(handler))
    replica = client.replica("t")
    await client.wait_for(lambda: replica.cursor and replica.cursor.number == 7)

    assert asked == [
        (
            '{"frame":"resume","log":"thread:t",'
            '"cursor":{"epoch":"e","incarnation":"i","number":4}}'
        ),
        '{"frame":"pong"}',
        (
            '{"frame":"resume","log":"thread:t",'
            '"cursor":{"epoch":"e","incarnation":"i","number":5}}'
        ),
    ]
    assert [item.text for item in replica.transcript.items] == ["5", "6", "7"]


async def test_an_answer_to_nothing_is_passed_over():
    requests = Requests()

    requests.answered(ErrorFrame(code="internal", message="m", id="unknown"))
    requests.answered(ErrorFrame(code="rate_limited", message="m"))
    requests.fail(GoldenpathError("nobody waits"))


async def test_an_answer_that_came_is_not_taken_back():
    requests = Requests()
    asking = asyncio.create_task(requests.ask("1", Cancel(id="1", run="r")))
    await asyncio.wait([asking], timeout=0.01)

    requests.answered(Result(id="1", run="r"))
    requests.answered(ErrorFrame(code="internal", message="late", id="1"))
    requests.fail(GoldenpathError("later"))

    assert (await asking).run == "r"


# What nobody else may read.


async def test_the_token_stands_in_no_repr_url_or_log(serve, connect, caplog):
    """websockets writes the headers of a handshake at DEBUG, if it may."""
    for name in ("goldenpath", "websockets", "httpx2", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    server = await serve()
    http = await server.http()
    client = await connect(http)
    await client.send("x")
    client.cut()
    await client.wait_for(lambda: client.welcomes == 2)
    await http.threads()
    gone = HTTPClient(server.url)
    gone.token = http.token
    await server.stop()
    with pytest.raises(RefusedError) as refused:
        await gone.threads()
    await gone.close()

    shown = [repr(http), repr(client), http.url, str(refused.value), caplog.text]

    assert not [text for text in shown if http.token in text]
