"""The contract of :class:`goldenpath.buses.Bus`, as tests for anybody's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from goldenpath.buses._base import Bus
from goldenpath.protocol._entries import Entry, Hint, encode_body
from goldenpath.protocol._events import TextDelta

_PATIENCE = 10.0
# A bus may lose a hint: it is sent again until it was heard.
_AGAIN_AFTER = 0.02


def a_hint(log: str, number: int = 1) -> Hint:
    """Return a hint about one entry."""
    body = encode_body(TextDelta(text=f"text {number}"), time=0.0, run="run")
    entry = Entry(
        log=log,
        epoch="epoch",
        incarnation="incarnation",
        first=number,
        number=number,
        body=body,
    )
    return Hint(log, "epoch", "incarnation", number, number, (entry,))


class Listener:
    """Notes what it hears, and on which thread."""

    def __init__(self, then: Callable[[Hint], None] = lambda _: None) -> None:
        self.hints: list[Hint] = []
        self.threads: set[int] = set()
        self._then = then
        self._has_heard = asyncio.Event()

    def __call__(self, hint: Hint) -> None:
        self.hints.append(hint)
        self.threads.add(threading.get_ident())
        self._has_heard.set()
        self._then(hint)

    def numbers(self) -> set[int]:
        """Return the numbers that were heard of."""
        return {hint.last for hint in self.hints}

    async def wait_more(self, within: float) -> None:
        """Wait for the next hint, but not for ever."""
        self._has_heard.clear()
        try:
            async with asyncio.timeout(within):
                await self._has_heard.wait()
        except TimeoutError:
            pass


async def publish_until(bus: Bus, hint: Hint, *listeners: Listener) -> None:
    """Send a hint again and again until all listeners have heard it."""
    async with asyncio.timeout(_PATIENCE):
        while not all(hint.last in listener.numbers() for listener in listeners):
            bus.publish([hint])
            if not all(hint.last in listener.numbers() for listener in listeners):
                await listeners[-1].wait_more(_AGAIN_AFTER)


@pytest.mark.anyio
class BusConformance:
    """Tests that every bus passes; subclass it and say how to make one.

    ::

        class TestMyBus(BusConformance):
            def new_bus(self):
                return MyBus()
    """

    def new_bus(self) -> Bus:
        """Return a bus that was not started."""
        raise NotImplementedError

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Buses are for asyncio."""
        return "asyncio"

    @pytest.fixture
    async def bus(self) -> AsyncIterator[Bus]:
        """Return the bus of the test."""
        bus = self.new_bus()
        await bus.start()
        yield bus
        await bus.stop()

    async def test_a_hint_comes_as_it_was_sent(self, bus: Bus) -> None:
        """With all its entries or with none, and never with others."""
        listener = Listener()
        await bus.subscribe("log", listener)
        sent = a_hint("log", 7)

        await publish_until(bus, sent, listener)

        for heard in listener.hints:
            assert (heard.log, heard.first, heard.last) == ("log", 7, 7)
            assert [(e.cursor, e.body) for e in heard.entries] in (
                [],
                [(e.cursor, e.body) for e in sent.entries],
            )

    async def test_listeners_hear_of_their_own_log_only(self, bus: Bus) -> None:
        """Whose log it is was checked when they subscribed."""
        hers, his = Listener(), Listener()
        await bus.subscribe("hers", hers)
        await bus.subscribe("his", his)

        for number in range(1, 20):
            bus.publish([a_hint("hers", number), a_hint("his", number)])
        await publish_until(bus, a_hint("hers", 99), hers)
        await publish_until(bus, a_hint("his", 99), his)

        assert {hint.log for hint in hers.hints} == {"hers"}
        assert {hint.log for hint in his.hints} == {"his"}

    async def test_all_listeners_of_a_log_hear(self, bus: Bus) -> None:
        """A person has several devices."""
        listeners = [Listener() for _ in range(5)]
        for listener in listeners:
            await bus.subscribe("log", listener)

        await publish_until(bus, a_hint("log"), *listeners)

    async def test_no_call_follows_unsubscribing(self, bus: Bus) -> None:
        """Also of what was sent before; the listener may be gone by then."""
        gone, staying = Listener(), Listener()
        await bus.subscribe("log", gone)
        await bus.subscribe("log", staying)
        bus.publish([a_hint("log", number) for number in range(1, 20)])
        bus.unsubscribe("log", gone)
        before = len(gone.hints)

        await publish_until(bus, a_hint("log", 99), staying)

        assert len(gone.hints) == before

    async def test_a_listener_may_unsubscribe_another(self, bus: Bus) -> None:
        """A connection that closes takes others of its session with it."""
        second = Listener()
        heard_by_then = []

        def leave(_: Hint) -> None:
            bus.unsubscribe("log", second)
            heard_by_then.append(len(second.hints))

        first = Listener(leave)
        await bus.subscribe("log", first)
        await bus.subscribe("log", second)

        await publish_until(bus, a_hint("log"), first)

        assert len(second.hints) == heard_by_then[0]

    async def test_a_listener_may_publish_and_unsubscribe_itself(
        self, bus: Bus
    ) -> None:
        """What it does in answer to a hint must not upset the bus."""
        other = Listener()

        def answer(_: Hint) -> None:
            bus.unsubscribe("log", once)
            bus.publish([a_hint("other", 1)])

        once = Listener(answer)
        await bus.subscribe("log", once)
        await bus.subscribe("other", other)

        await publish_until(bus, a_hint("log"), once)
        bus.publish([a_hint("log", 2)])
        await publish_until(bus, a_hint("other", 2), other)

        assert len(once.hints) == 1

    async def test_unsubscribing_twice_is_harmless(self, bus: Bus) -> None:
        """So is unsubscribing what never was subscribed."""
        listener = Listener()
        bus.unsubscribe("log", listener)
        await bus.subscribe("log", listener)
        bus.unsubscribe("log", listener)
        bus.unsubscribe("log", listener)

        await bus.subscribe("log", listener)
        await publish_until(bus, a_hint("log"), listener)

    async def test_a_listener_that_raises_costs_others_nothing(self, bus: Bus) -> None:
        """One connection's bug is not another's silence."""

        def fail(_: Hint) -> None:
            raise RuntimeError("a bug")

        failing, sound = Listener(fail), Listener()
        await bus.subscribe("log", failing)
        await bus.subscribe("log", sound)

        await publish_until(bus, a_hint("log"), failing, sound)

    async def test_listeners_are_called_on_the_event_loop(self, bus: Bus) -> None:
        """They touch what belongs to its tasks."""
        listener = Listener()
        await bus.subscribe("log", listener)

        await publish_until(bus, a_hint("log"), listener)

        assert listener.threads == {threading.get_ident()}

    async def test_subscribing_calls_nobody(self, bus: Bus) -> None:
        """Whoever subscribes is not ready before it returns."""
        listener = Listener()
        bus.publish([a_hint("log", number) for number in range(1, 10)])

        await bus.subscribe("log", listener)

        assert listener.hints == []
        await publish_until(bus, a_hint("log", 99), listener)

    async def test_publishing_never_raises(self, bus: Bus) -> None:
        """What it tells of is committed already; also when nobody listens."""
        bus.publish([])
        bus.publish(a_hint(f"log{number}") for number in range(3))
        await bus.stop()
        bus.publish([a_hint("log")])
