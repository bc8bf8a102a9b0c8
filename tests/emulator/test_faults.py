"""Bytes are late or never arrive; none is invented, and none overtakes another."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import Faults, Opening, Way, always, seeded, websockets_only
from emulator._faults import NEVER, Passage

WAYS = st.builds(
    Way,
    delay=st.floats(0, 1),
    jitter=st.floats(0, 1),
    bytes_per_second=st.none() | st.floats(1, 1000),
    piece_bytes=st.none() | st.integers(1, 10),
    gather=st.floats(0, 1),
)


def passage(**way):
    return Passage(Way(**way), random.Random(1))


def everything(passage, now=0.0):
    """Let time pass until nothing more can leave; return what left, and when."""
    left = []
    while passage.next_at() is not NEVER and passage.next_at() != NEVER:
        now = max(now, passage.next_at())
        left += [(now, piece) for piece in passage.leave(now=now)]
    return left


@given(WAYS, st.lists(st.binary(min_size=1, max_size=30), max_size=10))
def test_all_bytes_arrive_in_order(way, sent):
    passage = Passage(way, random.Random(1))
    left = []
    for now, data in enumerate(sent):
        passage.take(data, now=float(now))
        left += passage.leave(now=float(now))
    left += [piece for _, piece in everything(passage, float(len(sent)))]

    assert b"".join(left) == b"".join(sent)
    assert passage.held_bytes == 0
    assert passage.passed == len(b"".join(sent))


def test_without_faults_bytes_leave_at_once_and_as_they_came():
    untouched = passage()
    untouched.take(b"one", now=0.0)
    untouched.take(b"two", now=0.0)

    assert untouched.leave(now=0.0) == [b"one", b"two"]


def test_a_delayed_piece_leaves_when_it_is_due():
    late = passage(delay=0.5)
    late.take(b"x", now=1.0)

    assert late.leave(now=1.4) == []
    assert late.next_at() == 1.5
    assert late.leave(now=1.5) == [b"x"]


def test_jitter_differs_from_piece_to_piece():
    jittery = passage(jitter=1.0)
    for number in range(10):
        jittery.take(b"x", now=float(number))

    delays = {at - number for number, (at, _) in enumerate(everything(jittery))}

    assert len(delays) == 10
    assert max(delays) <= 1.0


def test_bytes_leave_one_by_one():
    small = passage(piece_bytes=1)
    small.take(b"abc", now=0.0)

    assert small.leave(now=0.0) == [b"a", b"b", b"c"]


def test_what_is_gathered_leaves_in_one_piece():
    gathering = passage(gather=0.1)
    gathering.take(b"a", now=0.0)
    gathering.take(b"b", now=0.05)

    assert gathering.leave(now=0.09) == []
    assert gathering.leave(now=0.1) == [b"ab"]


def test_a_slow_way_takes_as_long_as_its_rate_says():
    slow = passage(bytes_per_second=10.0, piece_bytes=5)
    slow.take(b"x" * 20, now=0.0)

    assert [at for at, _ in everything(slow)] == [0.0, 0.5, 1.0, 1.5]


def test_a_stall_holds_back_to_the_byte_until_it_is_released():
    stalled = passage(stall_after=3)
    stalled.take(b"abcdef", now=0.0)

    assert stalled.leave(now=0.0) == [b"abc"]
    assert stalled.is_stalled
    assert stalled.next_at() == NEVER
    stalled.release()
    assert stalled.leave(now=0.0) == [b"def"]


def test_a_way_can_be_stalled_at_any_time():
    stalled = passage()
    stalled.take(b"a", now=0.0)
    stalled.leave(now=0.0)
    stalled.stall()
    stalled.take(b"b", now=0.0)

    assert stalled.leave(now=9.0) == []


@pytest.mark.parametrize("count", range(1, 6))
def test_a_cut_comes_after_exactly_so_many_bytes(count):
    cut = passage(cut_after=count)
    cut.take(b"abcdef", now=0.0)

    assert b"".join(cut.leave(now=0.0)) == b"abcdef"[:count]
    assert cut.is_cut
    assert cut.next_at() == NEVER


def test_the_same_seed_draws_the_same_faults():
    rules = [seeded(7), seeded(7), seeded(8)]
    drawn = [[rule(Opening(n, b"")) for n in range(50)] for rule in rules]

    assert drawn[0] == drawn[1] != drawn[2]
    assert 0 < drawn[0].count(Faults()) < 50


def test_plain_requests_can_be_spared():
    cut = Faults(down=Way(cut_after=1))
    rule = websockets_only(always(cut))

    assert rule(Opening(0, b"POST /login HTTP/1.1\r\n")) == Faults()
    assert rule(Opening(1, b"GET /ws HTTP/1.1\r\nUpgrade: WebSocket\r\n")) == cut
