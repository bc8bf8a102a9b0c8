import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._deltas import merge_entries
from goldenpath.protocol._events import (
    AgentThinking,
    TextDelta,
    ToolProgress,
    Unreadable,
)
from tests.protocol.strategies import HARD_LAW, entry, fold, threads

LIMIT = 16 * 1024


def places(entries):
    return [(item.first, item.number) for item in entries]


@HARD_LAW
@given(threads())
def test_merging_loses_neither_a_number_nor_a_letter(entries):
    """A reader of the ranges ends with the same bytes as one of the events."""
    merged = merge_entries(entries)

    assert fold(merged) == fold(entries)
    expected = 1
    for first, number in places(merged):
        assert first == expected
        assert number >= first
        expected = number + 1
    assert expected == len(entries) + 1


@HARD_LAW
@given(threads(log="thread:a"), threads(log="thread:b"), st.randoms())
def test_each_log_keeps_its_order_among_others(left, right, random):
    mixed, queues = [], [list(left), list(right)]
    while any(queues):
        mixed.append(random.choice([queue for queue in queues if queue]).pop(0))
    merged = merge_entries(mixed)

    for log, entries in (("thread:a", left), ("thread:b", right)):
        alone = [item for item in merged if item.log == log]
        assert [item.frame for item in alone] == [
            item.frame for item in merge_entries(entries)
        ]


@HARD_LAW
@given(threads(), st.data())
def test_merging_again_changes_nothing(entries, data):
    """Nor does merging what was merged in parts."""
    once = merge_entries(entries)
    cut = data.draw(st.integers(0, len(entries)))
    parts = merge_entries(entries[:cut]) + merge_entries(entries[cut:])
    frames = [item.frame for item in once]

    assert [item.frame for item in merge_entries(once)] == frames
    assert [item.frame for item in merge_entries(parts)] == frames


def test_what_needs_no_merging_is_the_same_object():
    """Its frame was made already."""
    alone = entry(1)
    assert merge_entries([alone])[0] is alone
    assert merge_entries([]) == []


def test_a_range_has_the_place_and_time_of_its_parts():
    merged = merge_entries([entry(4), entry(5), entry(6)])

    assert places(merged) == [(4, 6)]
    assert merged[0].event == TextDelta(text="...", offset=3)
    assert merged[0].decoded.time == 4.0
    assert merged[0].run == "r"
    assert merged[0].cursor == entry(6).cursor


def delta(number, text=".", offset=0, block=0, kind=TextDelta, **place):
    return entry(number, kind(text=text, offset=offset, block=block), **place)


@pytest.mark.parametrize(
    "right",
    [
        delta(2, offset=1, run="other"),
        delta(2, offset=1, run=None),
        delta(2, offset=1, epoch="other"),
        delta(2, offset=1, incarnation="other"),
        delta(2, offset=1, log="thread:other"),
        delta(2, offset=1, kind=AgentThinking),
        delta(2, offset=0),
        delta(2, offset=2),
        delta(2, offset=1, block=1),
        delta(3, offset=1),
        delta(3, offset=1, first=3),
        delta(1, offset=1),
        entry(2, ToolProgress(call="c")),
        entry(2, Unreadable(original="text_delta")),
    ],
)
def test_what_does_not_continue_is_not_joined(right):
    left = delta(1)
    assert merge_entries([left, right]) == [left, right]
    assert merge_entries([right, left]) == [right, left]


def test_ranges_are_joined_too():
    merged = merge_entries(
        [delta(3, "abc", first=1), delta(5, "de", 3, first=4), delta(6, "f", 5)]
    )
    assert places(merged) == [(1, 6)]
    assert merged[0].event == TextDelta(text="abcdef")


def test_offsets_are_counted_in_utf_16():
    joined = merge_entries([delta(1, "😀"), delta(2, "a", 2)])
    assert places(joined) == [(1, 2)]
    assert joined[0].event == TextDelta(text="😀a")
    assert len(merge_entries([delta(1, "😀"), delta(2, "a", 1)])) == 2


@pytest.mark.parametrize(("over", "ranges"), [(-1, 1), (0, 1), (1, 2)])
def test_a_range_stays_below_its_limit(over, ranges):
    left, right = delta(1, "a" * 100), delta(2, "b" * (LIMIT - 100 + over), 100)
    assert len(merge_entries([left, right])) == ranges


def test_f17_readers_who_wait_for_the_same_share_one_range():
    """Wherever each of them got stuck; otherwise each would hold a copy of its own."""
    log = [delta(n, "x" * 100, (n - 1) * 100) for n in range(1, 500)]
    first, second = merge_entries(log), merge_entries(log[40:])

    assert len(first) > 3
    assert [
        item is other for item, other in zip(first[1:], second[1:], strict=True)
    ] == [True] * len(first[1:])
    assert merge_entries(first) == first


def test_an_empty_delta_at_the_end_of_a_stretch_belongs_to_it():
    begin = delta(1, "a" * LIMIT)
    empty, next_ = delta(2, "", LIMIT), delta(3, "b", LIMIT)
    merged = merge_entries([begin, empty, next_])

    assert places(merged) == [(1, 1), (2, 3)]


def test_a_single_delta_may_be_longer():
    """It is one event, and cannot be cut here."""
    long = delta(1, "a" * (LIMIT + 1))
    assert merge_entries([long, delta(2, "b", LIMIT + 1)])[0] is long


def test_the_frame_of_the_longest_range_is_far_from_the_limit():
    """Control characters need six bytes each; a frame may have 256 KiB."""
    merged = merge_entries(delta(n, "\x01" * 64, (n - 1) * 64) for n in range(1, 600))

    assert len(merged) == 3
    assert max(len(item.frame) for item in merged) < 128 * 1024
