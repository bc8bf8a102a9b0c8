"""Faults of a handshake and of the start of a connection, under many schedules."""

import asyncio

from goldenpath.protocol import CloseCode
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import ErrorFrame, Hello, Result, Send, Welcome
from goldenpath.testing import DatabaseFaults
from tests.schedules.schedules import schedules
from tests.schedules.world import terse


def codes(world):
    return [link.server.closed[0] for link in world.links if link.server.closed]


@schedules(
    100,
    agent=terse,
    ours="nothing was received before the accept; the welcome came first",
)
async def test_f02_the_accept_comes_first_and_then_the_welcome(world, dice):
    """Events that come while a device is being greeted must wait for it."""
    busy = await world.phone()
    sent = await busy.say("one")
    peers = [await world.peer() for _ in range(2)]

    async def talk():
        for number in range(3):
            await asyncio.sleep(dice.uniform(0.0, 0.02))
            await busy.say(f"{number}", thread=sent.thread)

    talking = asyncio.create_task(talk())
    for peer in peers:
        await asyncio.sleep(dice.uniform(0.0, 0.05))
        await peer.put(Hello(device="peer", threads=(sent.thread,)))
    await talking
    for peer in peers:
        await peer.take(Welcome)
        assert isinstance(peer.frames[0], Welcome)
        await peer.leave()


@schedules(
    100, ours="nothing was sent after a close, and nothing was logged as an error"
)
async def test_f03_nothing_is_sent_after_the_close(world, dice):
    """Whatever it is closed for, in the middle of whatever is being sent."""
    phone = await world.phone()
    sent = await phone.say("one two three")
    instance = world.instances[0]
    await asyncio.sleep(dice.uniform(0.0, 0.1))
    match dice.choice(["session", "garbage", "silence", "code"]):
        case "session":
            handle = await instance.authenticator.logout(phone.token)
            instance.manager._session_ended(phone.user, handle)
        case "garbage":
            peer = await world.peer()
            await peer.put("no hello")
            await peer.put("{}")
            assert await peer.wait_closed() == CloseCode.BAD_MESSAGE
        case "silence":
            peer = await world.peer()
            assert await peer.wait_closed() == CloseCode.TIMEOUT
        case "code":
            (connection,) = instance.registry
            connection.close(dice.choice([c for c in CloseCode if c != CloseCode.BUG]))
            connection.close(CloseCode.BUG)  # the first decision stands
            connection.drain(reconnect_after=0.1)
    await world.wait_until(lambda: world.runs()[sent.run] == "completed")


@schedules(100, ours="a lost connection was forgotten within a second")
async def test_f04_a_connection_whose_peer_left_is_forgotten_at_once(world, dice):
    phone = await world.phone()
    await phone.say("a rather long story")
    await asyncio.sleep(dice.uniform(0.0, 0.2))
    lost = phone.welcome.connection
    phone.link.cut()

    def is_forgotten():
        return lost not in {c.id for c in world.instances[0].registry}

    await world.wait_until(is_forgotten, within=1.0)


@schedules(
    100,
    database_faults=DatabaseFaults(delays=1.0, delay_within=0.2),
    ours="frames before the welcome were kept in order, and too many were refused",
)
async def test_f05_what_comes_before_the_welcome_is_kept_in_order(world, dice):
    peer = await world.peer()
    await peer.put(Hello(device="peer"))
    count, size = dice.choice([(1, 10), (8, 10), (16, 10), (20, 10), (12, 12_000)])
    for number in range(count):
        text = f"{number} ".ljust(size, "x")
        await peer.put(Send(id=f"r{number}", client_message_id=f"m{number}", text=text))
        if dice.random() < 0.3:
            await asyncio.sleep(0)
    if count <= 16 and count * size <= 128 * 1024:
        answers = await peer.answers(count)
        assert [answer.id for answer in answers] == [f"r{n}" for n in range(count)]
        assert all(isinstance(answer, Result) for answer in answers)
        order = world.rows("SELECT client_message_id FROM runs ORDER BY place")
        assert [name for (name,) in order] == [f"m{n}" for n in range(count)]
        await peer.leave()
        return
    code = await peer.wait_closed()
    # Unless the welcome was faster than the client.
    assert code == CloseCode.RATE or any(isinstance(f, Welcome) for f in peer.frames)
    assert len(world.runs()) <= count
    await peer.leave()


@schedules(100, ours="a connection whose login could not be looked up was turned away")
async def test_f06_a_login_that_cannot_be_looked_up_is_turned_away_in_time(world, dice):
    """And nobody else waits with it."""
    loop = asyncio.get_running_loop()
    other = await world.phone("bob")
    authenticator = world.instances[0].authenticator
    phone = await world.add_phone()
    session = (await authenticator.identify(world.bearer(phone.token))).session
    stage = dice.choice(["identify", "alive"])
    usual, stalled = getattr(authenticator, stage), []

    async def stall(asked):
        is_theirs = stage == "identify" or session in asked
        if is_theirs and not stalled:
            stalled.append(loop.time())
            await asyncio.sleep(30.0)
        return await usual(asked)

    setattr(authenticator, stage, stall)
    phone.start()
    await world.wait_until(lambda: stalled)
    began = loop.time()
    await other.say("meanwhile")
    assert loop.time() - began < 0.5
    await phone.wait_live()
    assert loop.time() - stalled[0] < 12.0
    first = phone.links[0].server
    assert first.closed[0] in (503, CloseCode.UNAVAILABLE)
    assert first.ended_at - stalled[0] < 5.0


@schedules(100, ours="a silent connection was closed after five seconds")
async def test_f07_a_connection_that_says_nothing_is_closed(world, dice):
    loop = asyncio.get_running_loop()
    began = loop.time()
    peers = [await world.peer() for _ in range(3)]
    honest = await world.phone()
    await honest.say("hello")
    for peer in peers:
        assert await peer.wait_closed() == CloseCode.TIMEOUT
    assert 4.9 < loop.time() - began < 6.0


@schedules(
    100,
    connections_per_user=3,
    ours="no connection of one device evicted another; beyond the limit the oldest "
    "was told once",
)
async def test_f12_connections_of_one_device_do_not_evict_each_other(world, dice):
    token = await world.log_in()
    phones = [await world.add_phone(token=token) for _ in range(5)]
    for phone in phones:
        phone.device = "the same"
    for phone in phones[:3]:
        phone.start()
        if dice.random() < 0.5:
            await asyncio.sleep(dice.uniform(0.0, 0.05))
    async with asyncio.timeout(10.0):
        for phone in phones[:3]:
            await phone.wait_live()
    await asyncio.sleep(dice.uniform(0.0, 30.0))
    assert codes(world) == []
    oldest = [connection.id for connection in world.instances[0].registry][:2]
    for phone in phones[3:]:
        phone.start()
    await world.wait_until(lambda: len(codes(world)) == 2)
    await asyncio.sleep(dice.uniform(0.0, 60.0))
    assert codes(world) == [CloseCode.TOO_MANY_CONNECTIONS] * 2
    evicted = [phone for phone in phones if phone.stopped is not None]
    assert sorted(p.welcome.connection for p in evicted) == sorted(oldest)


@schedules(100, ours="the late farewell of the old connection left the new one alone")
async def test_f13_a_late_farewell_leaves_the_new_connection_alone(world, dice):
    """The client is back long before the server has noticed that it was gone."""
    phone = await world.phone()
    sent = await phone.say("one")
    for _ in range(dice.randrange(1, 4)):
        phone.link.cut(within=0.0, server_within=dice.choice([0.1, 1.0, 10.0]))
        welcomes = phone.welcomes
        await world.wait_until(lambda welcomes=welcomes: phone.welcomes > welcomes)
        await asyncio.sleep(dice.uniform(0.0, 2.0))
    await asyncio.sleep(12.0)
    registered = [connection.id for connection in world.instances[0].registry]
    assert registered == [phone.welcome.connection]
    sent = await phone.say("two", thread=sent.thread)
    async with asyncio.timeout(5.0):
        await phone.wait_run_ended(sent)


@schedules(100, ours="a handshake that was cut was tried again, and nothing was lost")
async def test_f14_a_handshake_that_is_cut_is_tried_again(world, dice):
    phone = await world.add_phone(back_off_most=1.0)
    phone.start()
    saying = asyncio.create_task(phone.say("said before anybody listened"))
    for cuts in range(dice.randrange(1, 5)):
        await world.wait_until(lambda cuts=cuts: len(phone.links) > cuts)
        await asyncio.sleep(dice.uniform(0.0, 0.05))
        if phone.welcomes > 0:
            break
        phone.link.cut()
    await saying
    assert world.messages() == 1


@schedules(100, ours="a frame before the hello closed the connection, and did nothing")
async def test_what_comes_instead_of_a_hello_does_nothing(world, dice):
    """All orders: whatever else is in the same packet."""
    peer = await world.peer()
    send = Send(id="r", client_message_id="m", text="no hello")
    frames = [encode_frame(send).decode(), encode_frame(Hello(device="d")).decode()]
    for frame in frames:
        await peer.put(frame)
    assert await peer.wait_closed() == CloseCode.BAD_MESSAGE
    assert [type(frame) for frame in peer.frames] == [ErrorFrame]
    assert world.messages() == 0
