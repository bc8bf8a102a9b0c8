"""Faults of the process and its host, under many schedules."""

import asyncio
import itertools

from goldenpath.protocol import CloseCode
from goldenpath.protocol._events import RUN_ENDS, event_type
from goldenpath.testing import DatabaseFaults
from tests.schedules.schedules import schedules


async def talks_on(message, ctx):
    """Say so many words, so many seconds apart, as the message says."""
    count, pause = message.split()
    for number in range(int(count)):
        yield f"{number} "
        await asyncio.sleep(float(pause))


async def brief(message, ctx):
    """Be over nearly at once."""
    yield "I was just "
    await asyncio.sleep(0.02)
    yield "finished"


def ends_of(events):
    """Return the kind of each run's last event."""
    return {
        event.run: event_type(event.event)
        for event in events
        if isinstance(event.event, tuple(RUN_ENDS))
    }


@schedules(
    100,
    instances=2,
    ours="a stop during a handshake sent the device to another process",
)
async def test_f09_a_stop_during_a_handshake_sends_the_device_elsewhere(world, dice):
    """At each step of it."""
    loop = asyncio.get_running_loop()
    old = world.instances[0]
    phone = await world.add_phone(back_off_most=1.0)
    stopping = []

    def stop():
        stopping.append(asyncio.create_task(old.stop()))

    loop.at_step(loop.steps + dice.randrange(1, 60), stop)
    phone.start()
    await phone.say("one")
    await world.wait_until(lambda: stopping)
    began = loop.time()
    await asyncio.wait(stopping)
    assert loop.time() - began < 8.0
    world.instances.remove(old)
    assert {code for code, _ in closes(world)} <= {CloseCode.MOVING, 503}


def closes(world):
    return [link.server.closed for link in world.links if link.server.closed]


@schedules(
    100,
    agent=talks_on,
    ours="a stop moved everybody within 8 s, their runs ended, and nothing was missed",
)
async def test_f51_a_stop_while_runs_talk_moves_everybody(world, dice):
    loop = asyncio.get_running_loop()
    old = world.instances[0]
    phones = [await world.phone(), await world.phone()]
    sent = [await phone.say(f"{dice.randrange(1, 9)} 1") for phone in phones]
    await phones[1].follow(sent[0].thread)
    queued = await phones[1].say("1 1", thread=sent[1].thread)
    await asyncio.sleep(dice.uniform(0.0, 2.0))
    # The next process is there already, as a rolling deploy has it, or soon.
    new = world.make_instance()
    starting = asyncio.create_task(start_later(new, dice.choice([0.0, 0.0, 1.0])))
    began = loop.time()
    await old.stop()
    assert loop.time() - began < 8.0
    await starting
    world.instances.remove(old)
    assert len(old.registry) == 0
    await world.wait_runs_ended()
    ended = world.runs()
    assert {ended[result.run] for result in sent} <= {"completed", "interrupted"}
    assert ended[queued.run] == "completed"
    assert {code for code, _ in closes(world)} <= {CloseCode.MOVING, 503}


async def start_later(instance, delay):
    await asyncio.sleep(delay)
    await instance.start()


@schedules(
    100,
    agent=talks_on,
    max_connection_age=10.0,
    ours="connections moved before the host's limit, the new one first, without a gap",
)
async def test_f57_a_connection_moves_before_its_host_cuts_it(world, dice):
    loop = asyncio.get_running_loop()
    phones = [await world.phone(), await world.phone()]
    sent = await phones[0].say("10 2")
    await phones[1].follow(sent.thread)
    await asyncio.sleep(dice.uniform(20.0, 25.0))
    for phone in phones:
        links = [link.server for link in phone.links]
        assert len(links) >= 3
        for old, new in itertools.pairwise(links):
            assert new.accepted_at < (old.ended_at or loop.time()), "there was a gap"
        for link in links:
            assert (link.ended_at or loop.time()) - link.accepted_at < 10.0
    await phones[1].wait_run_ended(sent)


@schedules(
    100,
    agent=talks_on,
    ours="what a process that woke after its runs were taken over wrote was refused",
)
async def test_f54_a_process_that_wakes_after_a_takeover_writes_nothing(world, dice):
    loop = asyncio.get_running_loop()
    zombie = world.instances[0]
    phone = await world.phone()
    sent = await phone.say("20 3")
    await world.wait_until(lambda: zombie.supervisor.running)
    world.only = await world.add_instance()
    watching = await world.phone()
    await watching.follow(sent.thread)
    await asyncio.sleep(dice.uniform(0.0, 3.0))
    if dice.random() < 0.7:
        loop.freeze(zombie.name)
    else:
        # Or it cannot reach the store, and does not know that it is alone (F71).
        zombie.database.faults = DatabaseFaults(failed_writes=1.0, failed_reads=1.0)
    stopped_at = loop.time()
    await world.wait_until(lambda: world.runs()[sent.run] == "interrupted")
    # It lapses when its count has stood still for 15 s, and is looked at every 5 s.
    assert loop.time() - stopped_at < 26.0
    events = await world.events(f"thread:{sent.thread}")
    await asyncio.sleep(dice.choice([0.0, dice.uniform(0.0, 10.0)]))
    loop.thaw_all()
    zombie.database.faults = DatabaseFaults()
    await world.wait_until(lambda: not zombie.supervisor.running)
    assert await world.events(f"thread:{sent.thread}") == events
    again = await watching.say("2 1", thread=sent.thread)
    assert await watching.wait_run_ended(again) == "completed"


@schedules(
    100, agent=brief, ours="a cancel that met the end of its run left one end of it"
)
async def test_f80_a_cancel_that_races_the_end_leaves_one_end(world, dice):
    phones = [await world.phone(), await world.phone()]
    sent = await phones[0].say("one")

    async def cancel(phone):
        await asyncio.sleep(dice.uniform(0.0, 0.08))
        await phone.cancel(run=sent.run)

    await asyncio.gather(*map(cancel, phones))
    await world.wait_runs_ended()
    events = await world.events(f"thread:{sent.thread}")
    assert ends_of(events) == {sent.run: f"agent_{world.runs()[sent.run]}"}


@schedules(
    100,
    agent=brief,
    instances=2,
    ours="a cancel, an end and a takeover of one run left one end of it",
)
async def test_f80_a_takeover_a_cancel_and_the_end_leave_one_end(world, dice):
    """Whoever is first; the others are refused."""
    phone = await world.phone()
    sent = await phone.say("one")
    (owner,) = [i for i in world.instances if i.supervisor.running] or [None]

    async def cancel():
        await asyncio.sleep(dice.uniform(0.0, 0.06))
        await phone.cancel(run=sent.run)

    async def take_over():
        await asyncio.sleep(dice.uniform(0.0, 0.06))
        if owner is not None:
            (other,) = [i for i in world.instances if i is not owner]
            name = owner.supervisor._owner.id
            hints = await other.inside(other.log.interrupt(name, now=0.0))
            other.bus.publish(hints)

    await asyncio.gather(cancel(), take_over())
    await world.wait_runs_ended()
    events = await world.events(f"thread:{sent.thread}")
    assert ends_of(events) == {sent.run: f"agent_{world.runs()[sent.run]}"}


@schedules(
    100,
    agent=brief,
    instances=3,
    ours="devices on three processes saw the same, in the same order",
)
async def test_devices_on_several_processes_see_one_order(world, dice):
    """They share a file, and notice each other's commits a little later."""
    phones = [await world.phone() for _ in range(3)]
    thread = (await phones[0].say("first")).thread

    async def act(phone):
        await asyncio.sleep(dice.uniform(0.0, 0.3))
        if dice.random() < 0.3:
            phone.cut()
        await phone.say("next", thread=thread)

    await asyncio.gather(*map(act, phones))
