"""Faults of coming back, and of a wrong bus or store, under many schedules."""

import asyncio
import contextlib
import dataclasses

from goldenpath.errors import RefusedError
from goldenpath.protocol import Cursor, thread_log, user_log
from goldenpath.protocol._frames import (
    ErrorFrame,
    EventFrame,
    Hello,
    Live,
    Resume,
    Revoked,
    Send,
    Snapshot,
    Subscribe,
)
from goldenpath.testing import BusFaults, DatabaseFaults
from tests.schedules.schedules import schedules
from tests.schedules.world import NO_FAULTS, terse

# So that no heartbeat repairs what went wrong.
NO_HEARTBEAT = {"heartbeat_every": 3000.0, "silent_after": 6000.0}
LOSES = dataclasses.replace(NO_FAULTS, drops=0.5)
REPEATS = dataclasses.replace(NO_FAULTS, repeats=0.7)
DELAYS = dataclasses.replace(
    NO_FAULTS, repeats=0.3, delays=0.6, swaps=0.4, strips=0.2, delay_within=1.0
)
WORST = BusFaults(
    drops=0.3, repeats=0.3, delays=0.3, swaps=0.3, strips=0.3, corrupts=0.25
)


async def chatterbox(message, ctx):
    """Say many words at once and over some time."""
    for number in range(24):
        yield f"{number} 𝄞 "
        if number % 8 == 0:
            await asyncio.sleep(0.05)


async def say_stubbornly(phone, text, name, *, thread=None):
    """Send a message as somebody does who means it: until it is acknowledged."""
    while True:
        try:
            sent = await phone.send(text, thread=thread, client_message_id=name)
        except RefusedError as refused:
            if not refused.retryable:
                raise
            await asyncio.sleep(0.1)
        else:
            phone.witness.acknowledged.append(sent)
            return sent


@schedules(
    150, agent=terse, **NO_HEARTBEAT, ours="the event arrived once, in order, at once"
)
async def test_f36_an_event_between_subscribe_and_read_arrives_once(world, dice):
    first, second = await world.phone(), await world.phone()
    thread = (await first.say("one")).thread
    if dice.random() < 0.5:
        await second.follow(thread)
        second.cut()
    await asyncio.sleep(dice.uniform(0.0, 0.3))
    following = asyncio.create_task(second.follow(thread))
    await asyncio.sleep(dice.uniform(0.0, 0.05))
    sent = await first.say("two", thread=thread)
    await following
    async with asyncio.timeout(5.0):
        await second.wait_run_ended(sent)


@schedules(
    100, bus_faults=LOSES, ours="what the bus lost arrived with the next heartbeat"
)
async def test_f37_what_the_bus_loses_arrives_within_a_heartbeat(world, dice):
    loop = asyncio.get_running_loop()
    phones = [await world.phone(), await world.phone()]
    thread = (await phones[0].say("one")).thread
    await phones[1].follow(thread)
    for number in range(2):
        sent = await phones[number % 2].say(f"{number}", thread=thread)
        await world.wait_runs_ended()
        ended_at = loop.time()
        for phone in phones:
            await phone.wait_run_ended(sent)
        assert loop.time() - ended_at < 25.0


@schedules(100, bus_faults=REPEATS, ours="what the bus brought twice was sent once")
async def test_f38_what_the_bus_brings_twice_is_sent_once(world, dice):
    """That it is sent once is checked for every schedule, on the wire."""
    phones = [await world.phone(), await world.phone()]
    thread = (await phones[0].say("one")).thread
    await phones[1].follow(thread)
    await asyncio.gather(*(phone.say("more", thread=thread) for phone in phones))


@schedules(100, bus_faults=DELAYS, ours="what the bus brought late did no harm")
async def test_f72_what_the_bus_brings_late_does_no_harm(world, dice):
    phones = [await world.phone(), await world.phone()]
    thread = (await phones[0].say("one")).thread
    await phones[1].follow(thread)
    for phone in phones:
        await phone.say("more", thread=thread)
        await asyncio.sleep(dice.uniform(0.0, 1.0))


@schedules(
    100,
    bus_faults=WORST,
    replay_events=20,
    ours="devices that were cut on a bus that did its worst held what the log holds",
)
async def test_f37_f38_f72_the_worst_bus_and_cut_connections(world, dice):
    phones = [await world.phone(back_off_most=0.5) for _ in range(2)]
    threads = [(await phones[0].say("one")).thread]
    for number in range(5):
        phone, thread = dice.choice(phones), dice.choice(threads)
        match dice.choice(["send", "new", "cut", "cut", "cancel", "follow"]):
            case "send":
                await phone.say(f"{number}", thread=thread)
            case "new":
                threads.append((await phone.say(f"{number}")).thread)
            case "cut":
                phone.cut()
            case "cancel":
                await phone.cancel(run=dice.choice(list(world.runs())))
            case "follow":
                await phone.follow(thread)
        await asyncio.sleep(dice.choice([0.0, 0.01, 0.2]))


@schedules(
    100, ours="a message whose acknowledgement was lost was stored once, run once"
)
async def test_f39_a_message_whose_acknowledgement_is_lost_is_stored_once(world, dice):
    """The connection is cut at any step of sending it."""
    loop = asyncio.get_running_loop()
    phone = await world.phone(back_off_most=0.5)
    at = loop.steps
    for _ in range(dice.randrange(1, 4)):
        at += dice.randrange(1, 60)
        loop.at_step(at, phone.cut)
    first = await phone.say("one")
    await phone.say("two", thread=first.thread)
    assert world.messages() == 2
    assert len(world.runs()) == 2


@schedules(
    100,
    database_faults=DatabaseFaults(lost_answers=0.3, failed_writes=0.15),
    ours="after an ambiguous commit the same message was repeated, stored and run once",
)
async def test_f39_f68_a_commit_whose_answer_is_lost_is_repeated_safely(world, dice):
    phone = await world.phone(back_off_most=0.5)
    sent = await say_stubbornly(phone, "one", "m0")
    names = ["m1", "m2"]
    await asyncio.gather(
        *(say_stubbornly(phone, name, name, thread=sent.thread) for name in names)
    )
    assert world.messages() == 3
    assert len(world.runs()) == 3


@schedules(
    100,
    within=30 * 24 * 3600.0,
    ours="a message repeated days later, after a restart, was stored once",
)
async def test_f40_a_message_repeated_days_later_is_stored_once(world, dice):
    phone = await world.phone()
    first = await phone.send("one", client_message_id="m")
    await world.wait_runs_ended()
    await phone.stop()
    await world.restart(after=dice.uniform(1.0, 9.0) * 24 * 3600.0)
    other = await world.phone()
    again = await other.send("one", client_message_id="m")
    assert (again.thread, again.run, again.number) == (
        first.thread,
        first.run,
        first.number,
    )
    assert world.messages() == 1


@schedules(
    100,
    agent=chatterbox,
    replay_events=5,
    snapshot_state_bytes=2000,
    ours="a device beyond the replay was given a snapshot without a hole",
)
async def test_f41_who_is_too_far_behind_gets_a_snapshot_and_never_a_part(world, dice):
    away, other = await world.phone(), await world.phone()
    thread = (await away.say("one")).thread
    await other.follow(thread)
    await world.wait_runs_ended()
    await away.stop()
    sent = await other.say("two", thread=thread)
    await asyncio.sleep(dice.uniform(0.2, 0.5))
    away.start()
    await away.wait_run_ended(sent)
    log = thread_log(thread)
    frames = [f for f in away.witness.frames if getattr(f, "log", None) == log]
    (late,) = [f for f in frames if isinstance(f, Snapshot) and f.why == "behind"]
    reached = late.state.before - 1 if late.state.before else 0
    for event in late.state.events:
        assert (event.first or event.number) == reached + 1
        reached = event.number
    assert reached == late.cursor.number


@schedules(100, ours="after a restored backup every device was given a snapshot")
async def test_f42_a_restored_backup_gives_everybody_a_snapshot(world, dice):
    """What came after the backup is gone; nobody waits for it, or keeps a part.

    Also where numbers are used again, and where nobody had restarted in between, so
    that the epoch is still the same.
    """
    phone, other = await world.phone(), await world.phone()
    sent = await phone.say("one")
    await other.follow(sent.thread)
    await world.wait_runs_ended()
    image = world.store.image()
    lost = await phone.say("two", thread=sent.thread)
    await other.wait_run_ended(lost)
    phone.witness.acknowledged.remove(lost)
    if is_new_epoch := dice.random() < 0.5:
        await world.restart()
    before = (await world.events(thread_log(sent.thread)))[0].epoch
    await world.restart(image=image)
    for _ in range(dice.randrange(3)):
        await phone.say("three", thread=sent.thread)
    await world.wait_runs_ended()
    head = (await world.events(thread_log(sent.thread)))[-1]
    assert (head.epoch != before) is is_new_epoch
    for device in (phone, other):
        await device.wait_for(
            lambda device=device: (
                device.replica(sent.thread).cursor
                == Cursor(head.epoch, head.incarnation, head.number)
            )
        )
        snapshots = [f for f in device.witness.frames if isinstance(f, Snapshot)]
        assert "epoch" in {frame.why for frame in snapshots}


@schedules(
    100,
    agent=chatterbox,
    ours="the text of a device that was cut again and again equalled an unbroken one's",
)
async def test_f43_a_reader_that_is_cut_within_a_text_goes_on_where_it_was(world, dice):
    broken, whole = await world.phone(back_off_most=0.1), await world.phone()
    sent = await whole.say("a long story")
    await broken.follow(sent.thread)
    for _ in range(dice.randrange(2, 6)):
        broken.cut()
        await asyncio.sleep(dice.uniform(0.0, 0.1))
    for phone in (broken, whole):
        assert await phone.wait_run_ended(sent) == "completed"
    one, two = (
        phone.replica(sent.thread).transcript.as_json() for phone in (broken, whole)
    )
    assert one == two


@schedules(100, **NO_HEARTBEAT, ours="what one tab sent was on the other at once")
async def test_f46_what_one_tab_sends_is_on_the_other_at_once(world, dice):
    token = await world.log_in()
    tabs = [await world.phone(token=token) for _ in range(2)]
    thread = (await tabs[0].say("one")).thread
    await tabs[1].follow(thread)
    sent = await dice.choice(tabs).say("two", thread=thread)
    async with asyncio.timeout(2.0):
        for tab in tabs:
            await tab.wait_run_ended(sent)


@schedules(
    100,
    agent=terse,
    ours="the message stood where its acknowledgement says, in any order",
)
async def test_f47_an_event_before_its_acknowledgement_does_no_harm(world, dice):
    peer = await world.peer()
    await peer.hello()
    await peer.put(Send(id="r0", client_message_id="m0", text="one"))
    (first,) = await peer.answers(1)
    await peer.put(Subscribe(id="s", thread=first.thread))
    await peer.take(Live, count=2)
    await peer.put(
        Send(id="r1", client_message_id="m1", text="two", thread=first.thread)
    )
    result = (await peer.answers(3))[-1]
    log = thread_log(first.thread)

    def its_event():
        return [
            f
            for f in peer.frames
            if isinstance(f, EventFrame)
            and f.log == log
            and getattr(f.event, "client_message_id", None) == "m1"
        ]

    await world.wait_until(its_event)
    (event,) = its_event()
    assert event.number == result.number
    await peer.leave()


@schedules(100, ours="foreign cursors, logs and threads opened nothing")
async def test_f48_foreign_cursors_open_nothing(world, dice):
    """A cursor is a place, never a right; and one of another log is no place here."""
    ada = await world.phone()
    sent = await ada.say("a secret of ada's")
    await ada.wait_run_ended(sent)
    foreign = thread_log(sent.thread)
    cursor = ada.replica(sent.thread).cursor
    eve = await world.peer("eve")
    mine = user_log(world.user("eve"))
    beyond = Cursor(cursor.epoch, cursor.incarnation, 1000)
    cursors = {foreign: cursor, user_log(ada.user): cursor, mine: beyond}
    asked = (sent.thread,) if dice.random() < 0.5 else ()
    await eve.put(Hello(device="eve", threads=asked, cursors=cursors))
    await eve.put(Send(id="r0", client_message_id="m", text="mine"))
    (own,) = await eve.answers(1)
    tries = [
        Subscribe(id="r1", thread=sent.thread, cursor=cursor),
        Resume(log=foreign, cursor=cursor),
        Resume(log=user_log(ada.user), cursor=cursor),
        Send(id="r4", client_message_id="n", text="hi", thread=sent.thread),
    ]
    dice.shuffle(tries)
    for frame in tries:
        await eve.put(frame)
    await eve.put(Subscribe(id="r5", thread=own.thread, cursor=cursor))
    answers = await eve.answers(6)
    refused = [answer for answer in answers if isinstance(answer, ErrorFrame)]
    assert [frame.code for frame in refused] == ["not_found"] * 4
    await world.wait_runs_ended()
    await asyncio.sleep(1.0)
    allowed = {mine, thread_log(own.thread)}
    logs = {f.log for f in eve.frames if isinstance(f, EventFrame | Snapshot | Live)}
    assert logs <= allowed
    revoked = [frame.log for frame in eve.frames if isinstance(frame, Revoked)]
    assert revoked == [thread_log(thread) for thread in asked]
    assert "secret" not in repr(eve.frames)
    # And a place that is none, in a log of one's own, is answered with a snapshot.
    assert mine in {f.log for f in eve.frames if isinstance(f, Snapshot)}
    await eve.leave()


@schedules(
    100,
    agent=chatterbox,
    ours="a thread that was deleted while it was followed was revoked everywhere",
)
async def test_f49_a_deleted_thread_is_revoked_while_it_is_followed(world, dice):
    """Also where it is deleted while a device begins to follow it."""
    phones = [await world.phone(), await world.phone()]
    sent = await phones[0].say("a long story")
    kept = await phones[1].say("another")
    following = asyncio.create_task(phones[1].follow(sent.thread))
    await asyncio.sleep(dice.choice([dice.uniform(0.0, 0.04), dice.uniform(0.0, 0.3)]))
    (instance,) = world.instances
    if dice.random() < 0.3:
        phones[1].cut()
    await instance.inside(instance.manager._threads.delete(phones[0].user, sent.thread))
    # It may have come too late.
    with contextlib.suppress(RefusedError):
        await following
    log = thread_log(sent.thread)
    async with asyncio.timeout(5.0):
        for phone in phones:
            await phone.wait_for(lambda phone=phone: log not in phone.replicas)
    assert log not in instance.local_bus._listeners
    await world.wait_runs_ended()
    assert await phones[1].wait_run_ended(kept) == "completed"
    for phone in phones:
        is_revoked = False
        for frame in phone.witness.frames:
            assert not (is_revoked and isinstance(frame, EventFrame | Snapshot)) or (
                frame.log != log
            )
            is_revoked |= isinstance(frame, Revoked) and frame.log == log
    phones[0].witness.acknowledged.remove(sent)


@schedules(
    100,
    bus_faults=LOSES,
    ours="a deletion that the bus lost was noticed by a heartbeat",
)
async def test_f49_a_deletion_that_the_bus_loses_is_noticed(world, dice):
    phone, other = await world.phone(), await world.phone()
    sent = await phone.say("one")
    await other.follow(sent.thread)
    await world.wait_runs_ended()
    (instance,) = world.instances
    await instance.inside(instance.manager._threads.delete(phone.user, sent.thread))
    async with asyncio.timeout(30.0):
        for device in (phone, other):
            await device.wait_for(
                lambda device=device: thread_log(sent.thread) not in device.replicas
            )
    phone.witness.acknowledged.clear()
