"""Who is open here, and who has to go."""

import asyncio

import pytest

from goldenpath.connections._registry import Registry
from goldenpath.protocol._close_codes import CloseCode


class Open:
    def __init__(self, name, user="ada", session="s1"):
        self.id = name
        self.user = user
        self.session = session
        self.closed = None
        self.drained = None

    def close(self, code, *, retry_after=None):
        self.closed = code

    def drain(self, *, reconnect_after):
        self.drained = reconnect_after

    def check_heads(self):
        pass


def test_a_late_farewell_does_not_remove_the_connection_that_came_after():
    registry = Registry(per_user=5, greeting=200)
    old, new = Open("same"), Open("same")
    registry.add(old)
    registry.add(new)
    registry.remove(old)

    assert list(registry) == [new]


def test_the_oldest_of_a_user_makes_way_and_no_one_elses():
    registry = Registry(per_user=2, greeting=200)
    mine = [Open(str(number)) for number in range(3)]
    other = Open("other", user="bob")
    for connection in (other, *mine):
        registry.add(connection)

    assert [c.closed for c in mine] == [CloseCode.TOO_MANY_CONNECTIONS, None, None]
    assert other.closed is None
    assert len(registry) == 3


def test_f57_a_connection_that_moves_costs_nobody_else_a_place():
    """A person with as many tabs as there may be would lose one with each move."""
    registry = Registry(per_user=2, greeting=200)
    other, old, new = Open("other"), Open("old"), Open("new")
    registry.add(other)
    registry.add(old)
    registry.add(new, previous="old")
    assert (other.closed, old.closed, new.closed) == (None, CloseCode.MOVING, None)
    assert list(registry) == [other, new]

    # What is named must be there, and the user's own.
    foreign = Open("foreign", user="bob")
    registry.add(foreign)
    registry.add(Open("third"), previous="foreign")
    assert foreign.closed is None
    assert other.closed is CloseCode.TOO_MANY_CONNECTIONS


def test_f57_a_connection_that_moves_keeps_its_old_one_while_there_is_room():
    registry = Registry(per_user=3, greeting=200)
    old, new = Open("old"), Open("new")
    registry.add(old)
    registry.add(new, previous="old")

    assert old.closed is None
    assert list(registry) == [old, new]


def test_removing_twice_is_removing_once():
    registry = Registry(per_user=2, greeting=200)
    connection = Open("one")
    registry.add(connection)
    registry.remove(connection)
    registry.remove(connection)

    assert len(registry) == 0
    assert list(registry) == []


def test_connections_of_ended_sessions_are_closed_and_the_others_stay():
    registry = Registry(per_user=5, greeting=200)
    one, two = Open("1", session="s1"), Open("2", session="s2")
    registry.add(one)
    registry.add(two)

    assert registry.sessions() == {"s1", "s2"}
    registry.close_sessions(["s1", "unknown"])
    assert (one.closed, two.closed) == (CloseCode.SESSION_ENDED, None)


def test_whoever_arrives_during_a_drain_is_asked_to_leave_too():
    registry = Registry(per_user=5, greeting=200)
    before, after, later = Open("1"), Open("2"), Open("3")
    registry.add(before)
    registry.drain(lambda: 0.5)
    registry.add(after)
    registry.welcome()
    registry.add(later)

    assert (before.drained, after.drained, later.drained) == (0.5, 0.5, None)


@pytest.mark.anyio
async def test_waiting_until_it_is_empty_ends_with_the_last_connection():
    registry = Registry(per_user=5, greeting=200)
    await registry.wait_empty()
    one, two = Open("1"), Open("2", user="bob")
    registry.add(one)
    registry.add(two)
    waiting = asyncio.create_task(registry.wait_empty())
    registry.remove(one)
    await asyncio.sleep(0)

    assert not waiting.done()
    registry.remove(two)
    await waiting


def test_f07_the_oldest_silent_connection_makes_way():
    """Whoever says nothing must not keep out who would say hello."""
    registry = Registry(per_user=5, greeting=2)
    silent = [Open(f"c{number}") for number in range(3)]
    for connection in silent[:2]:
        registry.greet(connection, now=10.0)
    registry.greet(silent[2], now=13.0)

    assert [connection.closed for connection in silent] == [4408, None, None]
    assert len(registry) == 2
    registry.add(silent[2])
    registry.greet(Open("c4"), now=16.0)
    assert silent[1].closed is None
    assert list(registry) == [silent[2]]


def test_f44_a_crowd_waits_instead_of_pushing_one_another_out():
    """Those who have just come are not silent: this process is slow."""
    registry = Registry(per_user=5, greeting=2)
    young = [Open(f"c{number}") for number in range(3)]
    assert not registry.is_crowded(1, now=10.0)
    # Both are still at the gate.
    assert registry.is_crowded(2, now=10.0)
    for connection in young:
        registry.greet(connection, now=10.0)

    assert [connection.closed for connection in young] == [None, None, None]
    assert registry.is_crowded(3, now=11.0)
    # The oldest is silent: one more may come, and costs it its place.
    assert not registry.is_crowded(3, now=12.0)
    registry.add(young[0])
    registry.add(young[1])
    assert not registry.is_crowded(3, now=10.0)
    registry.remove(young[0])
    assert len(registry) == 2


def test_a_drain_reaches_those_who_have_not_said_hello():
    registry = Registry(per_user=5, greeting=2)
    connection = Open("c")
    registry.greet(connection, now=1.0)
    registry.drain(lambda: 0.5)
    assert connection.drained == 0.5


@pytest.mark.anyio
async def test_it_is_empty_only_when_nobody_is_left_to_greet():
    registry = Registry(per_user=5, greeting=2)
    connection = Open("c")
    registry.greet(connection, now=1.0)
    waiting = asyncio.create_task(registry.wait_empty())
    await asyncio.sleep(0)
    assert not waiting.done()

    registry.remove(connection)
    registry.remove(connection)
    await waiting
