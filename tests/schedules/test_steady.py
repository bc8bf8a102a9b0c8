"""Faults of a connection that is open, under many schedules."""

import asyncio
import functools

import pytest

from goldenpath.errors import BusError, RefusedError
from goldenpath.protocol import CloseCode
from goldenpath.protocol._frames import Authenticate, Expiring, Hello, Result
from tests.schedules.schedules import SEED, run, schedules
from tests.schedules.world import terse

# Where minutes pass, and nothing is about leases.
RARE_BEATS = {"lease_renew_every": 60.0, "lease_lapses_after": 180.0}


async def storyteller(message, ctx):
    """Say so many words, ten seconds apart."""
    for number in range(int(message.split()[0])):
        yield f"{number} "
        await asyncio.sleep(10.0)


async def stubborn(message, ctx):
    """Be deaf to being stopped, for a while."""
    yield "I shall not "
    until = asyncio.get_running_loop().time() + 20.0
    while (left := until - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError:
            if "stubborn" not in message:
                raise


def registered(world):
    return {connection.id for i in world.instances for connection in i.registry}


@schedules(
    100,
    **RARE_BEATS,
    ours="the silent connection was closed as 4408 after 45 s, and the device came "
    "back without losing anything",
)
async def test_f16_a_peer_that_fell_silent_is_let_go_after_45_seconds(world, dice):
    loop = asyncio.get_running_loop()
    silent, other = await world.phone(), await world.phone()
    sent = await silent.say("one")
    await other.follow(sent.thread)
    await asyncio.sleep(dice.uniform(0.0, 60.0))
    lost, link = silent.welcome.connection, silent.link
    link.mute()
    muted_at = loop.time()
    await other.say("two", thread=sent.thread)
    await world.wait_until(lambda: lost not in registered(world), within=46.0)
    assert link.server.closed[0] == CloseCode.TIMEOUT
    # The last sign of life was an answer to a ping, at most 24 seconds earlier.
    assert 20.0 < loop.time() - muted_at < 46.0
    welcomes = silent.welcomes
    await world.wait_until(
        lambda: silent.welcomes > welcomes or silent.link is not link, within=30.0
    )
    assert loop.time() - muted_at < 65.0


@schedules(
    100,
    agent=terse,
    heartbeat_every=0.05,
    frames_burst=1000,
    ours="no two frames were sent at once",
)
async def test_f19_many_runs_and_requests_never_send_at_once(world, dice):
    phone = await world.phone()
    sent = await asyncio.gather(*(phone.say(f"story {n}") for n in range(4)))

    async def ask(result):
        for _ in range(2):
            await asyncio.sleep(dice.uniform(0.0, 0.1))
            await phone.follow(result.thread)

    await asyncio.gather(*(ask(result) for result in sent))
    await asyncio.gather(*(phone.wait_run_ended(result) for result in sent))


@schedules(100, ours="a failing request was answered with an error; the others lived")
async def test_f20_a_request_that_fails_is_its_own_affair(world, dice):
    world.errors_are_meant = True
    phone, other = await world.phone(), await world.phone("bob")
    connection = phone.welcome.connection
    log = world.instances[0].log
    usual = log.post

    async def post(message, **fields):
        if message.text == "poison":
            raise ZeroDivisionError
        return await usual(message, **fields)

    log.post = post

    async def poison():
        await asyncio.sleep(dice.uniform(0.0, 0.1))
        with pytest.raises(RefusedError, match="the server failed"):
            await phone.say("poison")

    count = dice.choice([1, 4, 5])
    async with asyncio.timeout(60.0):
        await asyncio.gather(
            *(poison() for _ in range(count)), phone.say("one"), other.say("one")
        )
    if count < 5:
        assert phone.welcome.connection == connection
        return
    await world.wait_until(lambda: phone.links[0].server.closed)
    assert phone.links[0].server.closed[0] == CloseCode.TOO_MANY_FAILURES
    assert len(other.links) == 1


@schedules(150, ours="cancelled at any moment, a connection was cleaned up in time")
async def test_f22_a_connection_that_is_cancelled_cleans_up(world, dice):
    """As a server does that wants to stop; at any step, and once more at another."""
    loop = asyncio.get_running_loop()
    phone = await world.add_phone(back_off_most=1.0)
    phone.start()
    saying = asyncio.create_task(phone.say("one two"))
    await world.wait_until(lambda: phone.links)
    (serving,) = world.instances[0].serving
    cancelled = []

    def cancel():
        if not serving.done():
            cancelled.append(loop.time())
            serving.cancel()

    at = loop.steps + dice.randrange(1, 250)
    loop.at_step(at, cancel)
    if dice.random() < 0.5:
        loop.at_step(at + dice.randrange(1, 20), cancel)
    await saying
    await world.wait_runs_ended()
    if cancelled:
        await world.wait_until(serving.done, within=8.0)
        await world.wait_until(lambda: phone.welcomes > 0)


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_f22_a_connection_is_cancelled_at_each_of_its_own_awaits(seed):
    """None is left out: they are counted, beyond the last one."""
    cancelled = []

    async def scenario(world, dice, number):
        (instance,) = world.instances
        usual = instance.open

        def open_and_cancel(link, token):
            serving = usual(link, token)
            if len(world.links) == 1:
                asyncio.get_running_loop().cancel_at_await(serving, number)
                first.append(serving)

        first = []
        instance.open = open_and_cancel
        phone = await world.phone(back_off_most=1.0)
        sent = await phone.say("one")
        await phone.wait_run_ended(sent)
        # With something to say before it goes.
        for connection in instance.registry:
            connection.drain(reconnect_after=0.1)
            connection.close(CloseCode.RATE, retry_after=0.5)
        await asyncio.wait(first, timeout=8.0)
        assert first[0].done()
        cancelled.append(first[0].cancelled())

    for number in range(1, 12):
        run(functools.partial(scenario, number=number), seed)

    assert cancelled.count(True) >= 3
    assert cancelled[-1] is False


@schedules(100, ours="an authenticator that swallowed the cancel held nothing up")
async def test_f22_what_swallows_a_cancel_is_abandoned(world, dice):
    loop = asyncio.get_running_loop()
    (instance,) = world.instances
    authenticator = instance.authenticator
    stage = dice.choice(["redeem_ticket", "alive"])
    usual = getattr(authenticator, stage)
    is_asked, may_go_on = asyncio.Event(), asyncio.Event()

    async def ask(*arguments):
        is_asked.set()
        try:
            await may_go_on.wait()
        except asyncio.CancelledError:
            world.errors_are_meant = True
            await may_go_on.wait()
        return await usual(*arguments)

    token = await world.log_in()
    identity = await authenticator.identify(world.bearer(token))
    ticket = await authenticator.issue_ticket(identity, None)
    peer = await world.peer(token=token)
    setattr(authenticator, stage, ask)
    await peer.put(Hello(device="peer", ticket=ticket))
    await is_asked.wait()
    (serving,) = instance.serving
    await asyncio.sleep(dice.uniform(0.0, 4.0))
    if dice.random() < 0.5:
        peer.link.cut()
    else:
        serving.cancel()
    began = loop.time()
    await asyncio.wait([serving])
    assert loop.time() - began < 8.0
    assert registered(world) == set()
    may_go_on.set()
    await peer.wait_closed()
    await asyncio.sleep(1.0)
    assert registered(world) == set(), "nor comes it back to life"


@schedules(100, agent=stubborn, cancel_within=2.0, ours="a deaf agent was abandoned")
async def test_f22_an_agent_that_swallows_its_cancel_is_abandoned(world, dice):
    loop = asyncio.get_running_loop()
    phone = await world.phone()
    is_deaf = dice.random() < 0.5
    world.errors_are_meant = is_deaf
    sent = await phone.say("stubborn" if is_deaf else "good")
    await asyncio.sleep(dice.uniform(0.0, 1.0))
    began = loop.time()
    await phone.cancel(run=sent.run)
    assert await phone.wait_run_ended(sent) == "cancelled"
    assert loop.time() - began < (2.5 if is_deaf else 0.5)
    await asyncio.sleep(20.0)


@schedules(
    100,
    agent=terse,
    ours="two devices that sent at once ended with the same transcript",
)
async def test_f35_two_senders_see_one_order(world, dice):
    phones = [await world.phone(), await world.phone()]
    thread = (await phones[0].say("first")).thread
    await phones[1].follow(thread)

    async def send(phone):
        for number in range(2):
            await asyncio.sleep(dice.uniform(0.0, 0.2))
            await phone.say(f"{number} of {phone.witness.name}", thread=thread)

    await asyncio.gather(*map(send, phones))
    await world.wait_runs_ended()
    log = await world.events(f"thread:{thread}")
    for phone in phones:
        replica = phone.replica(thread)
        await phone.wait_for(
            lambda replica=replica: replica.cursor.number == log[-1].number
        )
    one, two = (phone.replica(thread).transcript.as_json() for phone in phones)
    assert one == two


@schedules(
    100,
    agent=storyteller,
    lasts=100.0,
    **RARE_BEATS,
    ours="the device was told a minute before, was closed as 4401 half a minute after, "
    "and its run went on",
)
async def test_f50_a_session_that_ends_is_told_and_closed_and_its_run_goes_on(
    world, dice
):
    loop = asyncio.get_running_loop()
    began = loop.time()
    peer = await world.peer()
    await peer.hello()
    phone = await world.phone()
    await asyncio.sleep(95.0)
    sent = await phone.say("6 words")
    (expiring,) = await peer.take(Expiring)
    assert 55.0 < expiring.within <= 60.0
    code = await peer.wait_closed()
    assert code == CloseCode.AUTHENTICATE
    assert 129.0 < loop.time() - began < 132.0
    await world.wait_until(lambda: phone.stopped is not None)
    assert world.runs()[sent.run] == "running"
    await world.wait_runs_ended()
    assert world.runs()[sent.run] == "completed"


@schedules(
    100,
    lasts=100.0,
    **RARE_BEATS,
    ours="a ticket of a newer session let the connection go on",
)
async def test_f50_a_connection_goes_on_with_a_ticket_of_a_newer_session(world, dice):
    loop = asyncio.get_running_loop()
    began = loop.time()
    peer = await world.peer()
    await peer.hello()
    await asyncio.sleep(dice.uniform(50.0, 128.0))
    authenticator = world.instances[0].authenticator
    token = await world.log_in(lasts=200.0)
    identity = await authenticator.identify(world.bearer(token))
    tickets = [await authenticator.issue_ticket(identity, None) for _ in range(2)]
    foreign = await authenticator.identify(world.bearer(await world.log_in("eve")))
    tickets.insert(dice.randrange(2), await authenticator.issue_ticket(foreign, None))
    for number, ticket in enumerate(tickets[:2]):
        await peer.put(Authenticate(id=f"a{number}", ticket=ticket))
    answers = await peer.answers(2)
    assert sorted(type(answer).__name__ for answer in answers) == [
        "ErrorFrame",
        "Result",
    ]
    (renewed,) = [answer for answer in answers if isinstance(answer, Result)]
    assert renewed.expires_in == pytest.approx(200.0, abs=1.0)
    renewed_at = loop.time()
    assert await peer.wait_closed(within=300.0) == CloseCode.AUTHENTICATE
    assert loop.time() - renewed_at == pytest.approx(230.0, abs=2.0)
    assert loop.time() - began > 270.0


@schedules(
    100, **RARE_BEATS, ours="a process that stood still closed nobody who answered"
)
async def test_f56_a_process_that_stood_still_closes_nobody_who_answers(world, dice):
    """Its clock jumps, and what people said meanwhile has not been read (F31)."""
    loop = asyncio.get_running_loop()
    phone = await world.phone("bob")
    # A client gives a silent server up by itself; a peer waits for ever.
    longest = dice.choice([8.0, 60.0])
    peers = [await world.peer() for _ in range(2)]
    for peer in peers:
        await peer.hello()
    sent = await phone.say("one two three")
    for _ in range(3):
        await asyncio.sleep(dice.uniform(0.0, 30.0))
        loop.freeze("instance-0")
        await asyncio.sleep(dice.uniform(0.5, longest))
        loop.thaw("instance-0")
    await asyncio.sleep(30.0)
    assert [peer.closed for peer in peers] == [None, None]
    assert longest > 8.0 or len(phone.links) == 1
    assert await phone.wait_run_ended(sent) == "completed"
    for peer in peers:
        await peer.leave()


@schedules(
    100,
    agent=terse,
    poll_every=1.0,
    ours="without the bus events came by polling, in order",
)
async def test_a_bus_that_is_away_costs_a_second_and_nothing_else(world, dice):
    instance = world.instances[0]
    usual = instance.bus.subscribe
    instance.bus.subscribe = unreachable(usual, until=dice.uniform(0.0, 10.0))
    phones = [await world.phone(), await world.phone()]
    sent = await phones[0].say("one")
    await phones[1].follow(sent.thread)
    loop = asyncio.get_running_loop()
    for number in range(3):
        await asyncio.sleep(dice.uniform(0.0, 5.0))
        more = await phones[number % 2].say(f"{number}", thread=sent.thread)
        began = loop.time()
        for phone in phones:
            await phone.wait_run_ended(more)
        assert loop.time() - began < 5.0


def unreachable(subscribe, *, until):
    loop = asyncio.get_running_loop()
    there_at = loop.time() + until

    async def try_to_subscribe(log, heard):
        await asyncio.sleep(0.01)
        if loop.time() < there_at:
            raise BusError("the bus is away")
        await subscribe(log, heard)

    return try_to_subscribe
