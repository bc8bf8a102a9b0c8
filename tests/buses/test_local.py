"""A bus within one process keeps the contract, and loses nothing either."""

import logging

import pytest

from goldenpath.buses import LocalBus
from goldenpath.protocol import Hint
from goldenpath.testing import BusConformance


class TestLocalBus(BusConformance):
    def new_bus(self):
        return LocalBus()


def hint(number, log="log"):
    return Hint(log, "epoch", "incarnation", number, number)


@pytest.fixture
async def bus():
    bus = LocalBus()
    await bus.start()
    return bus


@pytest.mark.anyio
async def test_listeners_are_called_at_once_in_the_order_they_came(bus):
    heard = []
    for name in "cab":
        await bus.subscribe("log", lambda hint, name=name: heard.append((name, hint)))
    await bus.subscribe("other", heard.append)

    bus.publish([hint(1), hint(2)])

    assert heard == [(name, hint(number)) for number in (1, 2) for name in "cab"]


@pytest.mark.anyio
async def test_a_listener_is_called_once_however_often_it_subscribed(bus):
    heard = []
    for _ in range(3):
        await bus.subscribe("log", heard.append)
    bus.publish([hint(1)])
    bus.unsubscribe("log", heard.append)
    bus.publish([hint(2)])

    assert heard == [hint(1)]


@pytest.mark.anyio
async def test_a_bug_in_a_listener_is_logged_and_costs_others_nothing(bus, caplog):
    heard = []

    def fail(_):
        raise RuntimeError("a bug")

    await bus.subscribe("log", fail)
    await bus.subscribe("log", heard.append)

    bus.publish([hint(1), hint(2)])

    assert heard == [hint(1), hint(2)]
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (logging.ERROR, "a listener to 'log' failed")
    ] * 2


@pytest.mark.anyio
async def test_one_that_was_unsubscribed_meanwhile_is_not_called(bus):
    heard = []

    def leave(_):
        bus.unsubscribe("log", heard.append)
        bus.unsubscribe("log", leave)

    await bus.subscribe("log", leave)
    await bus.subscribe("log", heard.append)

    bus.publish([hint(1), hint(2)])

    assert heard == []


@pytest.mark.anyio
async def test_a_stopped_bus_has_forgotten_everybody(bus):
    heard = []

    async def stop_and_publish():
        await bus.stop()
        bus.publish([hint(1)])

    await bus.subscribe("log", heard.append)
    await stop_and_publish()

    assert heard == []


@pytest.mark.anyio
async def test_nothing_is_kept_of_logs_that_nobody_follows(bus):
    """There are as many logs as there ever were conversations."""
    for number in range(10):
        await bus.subscribe(f"log{number}", print)
        bus.unsubscribe(f"log{number}", print)
        bus.unsubscribe(f"log{number}", print)

    assert bus._listeners == {}
