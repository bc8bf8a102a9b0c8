import dataclasses

import pytest

from goldenpath._settings import Settings
from goldenpath.connections._admission import Admission

PUBLIC, OTHER = "198.41.0.4", "199.7.83.42"


def admission(**changes):
    return Admission(dataclasses.replace(Settings(), **changes), now=0.0)


def test_s33_an_address_has_only_so_many_connections():
    """One machine must not take the places of everybody."""
    house = admission(connections_per_address=3, handshakes_per_address=1000.0)
    for _ in range(3):
        assert house.enter(PUBLIC, now=1.0) is None

    refused = house.enter(PUBLIC, now=1.0)
    assert refused.is_own_fault
    assert refused.retry_after > 0
    assert house.enter(OTHER, now=1.0) is None
    house.leave(PUBLIC)
    assert house.enter(PUBLIC, now=1.0) is None


def test_s33_an_address_shakes_hands_only_so_often():
    """Also when it leaves at once each time."""
    house = admission(handshakes_per_address=2.0)
    for _ in range(8):
        assert house.enter(PUBLIC, now=1.0) is None
        house.leave(PUBLIC)

    refused = house.enter(PUBLIC, now=1.0)
    assert refused.is_own_fault
    assert refused.retry_after == pytest.approx(0.5)
    assert house.enter(PUBLIC, now=1.4).is_own_fault
    assert house.enter(PUBLIC, now=1.5) is None


def test_s33_the_second_half_of_an_ipv6_address_is_nobodys_own():
    house = admission(connections_per_address=1)
    assert house.enter("2001:500:2::1", now=1.0) is None
    assert house.enter("2001:500:2::2", now=1.0).is_own_fault


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.1.1", "", "x"])
def test_the_address_of_a_proxy_has_no_limit(address):
    """Behind a proxy that nobody told us of, all people come from one address."""
    house = admission(connections_per_address=1, handshakes_per_address=1.0)
    for _ in range(50):
        assert house.enter(address, now=1.0) is None
        assert house.enter(address, now=1.0) is None
        house.leave(address)


def test_an_address_that_a_trusted_proxy_names_has_its_limit():
    house = admission(connections_per_address=1, trusted_hops=1)
    assert house.enter("10.0.0.7", now=1.0) is None
    assert house.enter("10.0.0.7", now=1.0).is_own_fault


def test_f63_a_full_process_says_so_and_takes_nobody():
    """Before the descriptors or the memory are used up."""
    house = admission(connections_at_once=2)
    house.enter(PUBLIC, now=1.0)
    assert not house.is_full
    house.enter(PUBLIC, now=1.0)
    assert house.is_full

    refused = house.enter(OTHER, now=1.0)
    assert not refused.is_own_fault
    house.leave(PUBLIC)
    assert not house.is_full
    assert house.enter(OTHER, now=1.0) is None


def test_f44_a_crowd_is_sent_away_to_come_back_as_a_queue():
    """All at another time, as fast as they can be taken."""
    house = admission(handshakes_per_second=100.0, handshakes_burst=50)
    waits = [house.enter("127.0.0.1", now=1.0) for _ in range(350)]

    assert waits[:50] == [None] * 50
    times = [wait.retry_after for wait in waits[50:]]
    assert times == sorted(set(times))
    assert times[0] >= 1.0
    assert times[-1] == pytest.approx(1.0 + 3.0, abs=0.1)


def test_f44_nobody_is_sent_away_for_long():
    house = admission(handshakes_per_second=1.0, handshakes_burst=1)
    house.enter("127.0.0.1", now=1.0)
    waits = [house.enter("127.0.0.1", now=1.0).retry_after for _ in range(100)]
    assert max(waits) == 30.0


def test_whoever_was_turned_away_takes_no_place():
    house = admission(connections_per_address=1, handshakes_per_second=1000.0)
    house.enter(PUBLIC, now=1.0)
    for _ in range(5):
        house.enter(PUBLIC, now=2.0)
    house.leave(PUBLIC)

    assert house.enter(PUBLIC, now=3.0) is None


def test_f44_whoever_comes_to_a_crowd_is_told_when_to_come_back():
    house = admission()
    told = [house.enter(PUBLIC, now=1.0, is_crowded=True) for _ in range(2)]

    assert [no_room.is_own_fault for no_room in told] == [False, False]
    assert 0.0 < told[0].retry_after < told[1].retry_after
    assert house.connections == 0
    assert house.enter(PUBLIC, now=1.0) is None
    assert house.connections == 1
