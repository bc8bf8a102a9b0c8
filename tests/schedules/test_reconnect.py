"""Faults of coming back, and of a bus that is wrong, under many schedules."""

from tests.schedules.schedules import schedules


@schedules(100, ours="the event arrived once, in order")
async def test_f36_an_event_between_subscribe_and_read_arrives_once(world, dice):
    first = await world.phone()
    sent = await first.say("one")
    second = await world.phone()
    await second.follow(sent.thread)
    await first.say("two", thread=sent.thread)
