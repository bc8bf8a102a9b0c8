"""The worst bus that the contract allows, and that no reader minds."""

import asyncio

import pytest

from goldenpath.buses import LocalBus
from goldenpath.protocol import Cursor, Entry, Hint, Page, TextDelta
from goldenpath.protocol._entries import encode_body
from goldenpath.protocol._replay import Replay
from goldenpath.testing import BusConformance, BusFaults, LossyBus

NONE = dict.fromkeys(("drops", "repeats", "delays", "swaps", "strips", "corrupts"), 0.0)


class TestLossyBus(BusConformance):
    def new_bus(self):
        return LossyBus(LocalBus(), seed=1)


class TestTheWorstBus(BusConformance):
    def new_bus(self):
        faults = BusFaults(
            drops=0.6, repeats=0.6, delays=0.6, swaps=0.6, strips=0.6, delay_within=0.1
        )
        return LossyBus(LocalBus(), seed=2, faults=faults)


def entry(number, log="log"):
    return Entry(
        log=log,
        epoch="epoch",
        incarnation="incarnation",
        first=number,
        number=number,
        body=encode_body(TextDelta(text=str(number)), time=0.0, run="run"),
    )


def hint(*numbers, log="log"):
    entries = tuple(entry(number, log) for number in numbers)
    return Hint(log, "epoch", "incarnation", numbers[0], numbers[-1], entries)


async def heard_through(numbers, *, seed=1, **faults):
    """Return what is heard at once, and what is heard with the flush."""
    bus = LossyBus(LocalBus(), seed=seed, faults=BusFaults(**{**NONE, **faults}))
    await bus.start()
    heard = []
    await bus.subscribe("log", heard.append)
    for number in numbers:
        bus.publish([hint(number)])
    at_once = list(heard)
    bus.flush()
    return at_once, heard[len(at_once) :]


def numbers_of(hints):
    return [hint.last for hint in hints]


@pytest.mark.anyio
async def test_without_faults_it_is_the_bus_within():
    at_once, later = await heard_through(range(1, 50))

    assert numbers_of(at_once) == list(range(1, 50))
    assert later == []
    assert all(len(hint.entries) == 1 for hint in at_once)


@pytest.mark.anyio
async def test_hints_are_lost():
    at_once, later = await heard_through(range(1, 1001), drops=0.2)

    assert 700 < len(at_once) < 900
    assert later == []
    assert (await heard_through(range(1, 50), drops=1.0)) == ([], [])


@pytest.mark.anyio
async def test_hints_come_twice():
    at_once, _ = await heard_through([1, 2, 3], repeats=1.0)

    assert numbers_of(at_once) == [1, 1, 2, 2, 3, 3]


@pytest.mark.anyio
async def test_hints_come_out_of_order():
    at_once, later = await heard_through(range(1, 100), swaps=0.3)

    assert numbers_of(at_once) != sorted(numbers_of(at_once))
    assert sorted(numbers_of([*at_once, *later])) == list(range(1, 100))
    every = await heard_through([1, 2, 3], swaps=1.0)
    assert [numbers_of(part) for part in every] == [[1, 2], [3]]


@pytest.mark.anyio
async def test_hints_come_later():
    bus = LossyBus(LocalBus(), seed=1, faults=BusFaults(**{**NONE, "delays": 1.0}))
    heard = []
    has_all = asyncio.Event()

    def note(hint):
        heard.append(hint.last)
        if len(heard) == 20:
            has_all.set()

    await bus.subscribe("log", note)
    bus.publish(hint(number) for number in range(1, 21))

    assert heard == []
    async with asyncio.timeout(10):
        await has_all.wait()
    assert heard != sorted(heard)
    assert sorted(heard) == list(range(1, 21))


@pytest.mark.anyio
async def test_hints_come_without_their_entries():
    at_once, _ = await heard_through(range(1, 5), strips=1.0)

    assert numbers_of(at_once) == [1, 2, 3, 4]
    assert [hint.entries for hint in at_once] == [()] * 4


@pytest.mark.anyio
async def test_hints_come_from_another_history():
    at_once, _ = await heard_through(range(1, 50), corrupts=1.0)

    eras = [(hint.epoch, hint.incarnation) for hint in at_once]
    assert all((e == "epoch") != (i == "incarnation") for e, i in eras)
    assert {e == "epoch" for e, _ in eras} == {True, False}
    for number, spoilt in enumerate(at_once, 1):
        (carried,) = spoilt.entries
        assert (carried.epoch, carried.incarnation) == eras[number - 1]
        assert carried.body == entry(number).body


@pytest.mark.anyio
async def test_a_seed_draws_the_same_faults_again():
    worst = {"drops": 0.3, "repeats": 0.3, "swaps": 0.3, "strips": 0.3, "delays": 0.3}

    async def once(seed):
        parts = await heard_through(range(1, 200), seed=seed, **worst)
        return [(hint.last, len(hint.entries)) for part in parts for hint in part]

    assert await once(7) == await once(7)
    assert await once(7) != await once(8)


@pytest.mark.anyio
async def test_a_flush_delivers_each_once():
    at_once, later = await heard_through(range(1, 100), delays=0.5, swaps=0.5)

    assert later
    assert sorted(numbers_of([*at_once, *later])) == list(range(1, 100))


@pytest.mark.anyio
async def test_what_is_on_its_way_is_lost_with_the_bus():
    bus = LossyBus(LocalBus(), seed=1, faults=BusFaults(delays=1.0, swaps=0.5))
    heard = []
    await bus.subscribe("log", heard.append)
    bus.publish(hint(number) for number in range(1, 50))

    timers = list(bus._delayed)
    heard.clear()

    await bus.stop()
    await bus.subscribe("log", heard.append)
    bus.flush()

    assert timers
    assert all(timer.cancelled() for timer in timers)
    assert heard == []


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(50))
async def test_f37_a_reader_misses_nothing_through_it(seed):
    """P2: the numbers tell what is missing, and the log has it."""
    faults = BusFaults(corrupts=0.1)
    bus = LossyBus(LocalBus(), seed=seed, faults=faults)
    shelf, seen = [], []
    replay = Replay("log", Cursor("epoch", "", 0))

    def catch_up():
        while replay.is_behind:
            after = shelf[replay.cursor.number :][:5]
            page = Page("log", "epoch", "incarnation", len(shelf), after)
            seen.extend(replay.page(page))

    def heard(hint):
        seen.extend(replay.hint(hint))
        catch_up()

    await bus.subscribe("log", heard)
    catch_up()
    for first in range(1, 200, 3):
        numbers = range(first, first + 3)
        shelf.extend(entry(number) for number in numbers)
        bus.publish([hint(*numbers)])
    bus.flush()
    # The look at the heads, now and then, finds a last hint that was lost.
    replay.head(len(shelf), epoch="epoch")
    catch_up()

    assert [e.number for e in seen] == list(range(1, len(shelf) + 1))
