import pytest

from goldenpath.protocol._codec import decode_server_frame
from goldenpath.protocol._events import TextDelta, ToolProgress, utf16_length
from goldenpath.protocol._outbox import NO_RELIEF, Outbox, Relief
from tests.protocol.strategies import entry, fold

AGAIN = 16 * 1024
HUGE = 10**9


def outbox(*, merge=HUGE, summarise=HUGE, snapshot=HUGE, stalled=10.0):
    return Outbox(
        merge_bytes=merge,
        summarise_bytes=summarise,
        snapshot_bytes=snapshot,
        stalled_after=stalled,
    )


def everything(log):
    return True


def nothing(log):
    return False


def solid(number, *, log="thread:t", size=1000):
    """An entry that merges with nothing, whose frame has a known size."""
    bare = len(entry(number, ToolProgress(call="c"), log=log).frame)
    text = "x" * (size - bare - len(',"text":""'))
    item = entry(number, ToolProgress(call="c", text=text), log=log)
    assert len(item.frame) == size
    return item


def deltas(numbers, *, text="a" * 100, log="thread:t"):
    step = utf16_length(text)
    return [
        entry(n, TextDelta(text=text, offset=(n - 1) * step), log=log) for n in numbers
    ]


def taken(box, *, now=0.0):
    return [decode_server_frame(frame) for frame in box.take(now=now, max_bytes=HUGE)]


def test_frames_leave_in_the_order_in_which_they_came():
    box = outbox()
    items = [solid(1), solid(2), solid(3)]
    box.put(b"hello", now=0.0)
    box.put_entries(items[:2], now=0.0)
    box.put(b"result", now=0.0)
    box.put_entries(items[2:], now=0.0)

    assert len(box) == 5
    assert box.take(now=0.0) == [
        b"hello",
        items[0].frame,
        items[1].frame,
        b"result",
        items[2].frame,
    ]
    assert len(box) == 0
    assert box.take(now=0.0) == []


def test_the_size_counts_what_has_not_left():
    """What the transport holds is memory too."""
    box = outbox()
    assert box.size == 0
    box.put(b"12345", now=0.0)
    box.put_entries([solid(1)], now=0.0)
    assert box.size == 1005

    box.take(now=0.0, max_bytes=5)
    assert box.size == 1005
    box.left(now=1.0)
    assert box.size == 1000

    box.take(now=1.0)
    box.left(now=2.0)
    assert box.size == 0


@pytest.mark.parametrize(
    ("max_bytes", "frames"), [(1, 1), (1999, 1), (2000, 2), (3000, 3)]
)
def test_a_batch_is_as_large_as_allowed_and_never_empty(max_bytes, frames):
    box = outbox()
    box.put_entries([solid(1), solid(2), solid(3)], now=0.0)
    assert len(box.take(now=0.0, max_bytes=max_bytes)) == frames


def test_a_fast_reader_needs_no_relief():
    box = outbox()
    box.put_entries([solid(1)], now=0.0)
    assert box.relieve(now=0.0, is_on_screen=nothing) is NO_RELIEF
    assert Relief() == NO_RELIEF


class TestMerging:
    @pytest.mark.parametrize(("under", "frames"), [(0, 10), (1, 1)])
    def test_it_begins_above_its_limit(self, under, frames):
        items = deltas(range(1, 11))
        size = sum(len(item.frame) for item in items)
        box = outbox(merge=size - under)
        box.put_entries(items, now=0.0)

        assert box.relieve(now=0.0, is_on_screen=nothing) is NO_RELIEF
        assert len(box) == frames

    def test_what_is_under_way_counts_for_the_limit(self):
        box = outbox(merge=1500)
        box.put(b"x" * 1400, now=0.0)
        box.take(now=0.0)
        box.put_entries(deltas([1, 2]), now=0.0)
        box.relieve(now=0.0, is_on_screen=nothing)
        assert len(box) == 1

    def test_nothing_is_lost_and_other_frames_keep_their_places(self):
        items = deltas(range(1, 21))
        box = outbox(merge=1)
        box.put_entries(items[:7], now=0.0)
        box.put(b'{"frame":"result","id":"1"}', now=0.0)
        box.put_entries(items[7:], now=0.0)
        box.relieve(now=0.0, is_on_screen=nothing)
        left, result, right = taken(box)

        assert (left.first, left.number) == (1, 7)
        assert result.id == "1"
        assert (right.first, right.number) == (8, 20)
        whole = [entry(7, left.event, first=1), entry(20, right.event, first=8)]
        assert fold(whole) == fold(items)

    def test_it_looks_again_only_when_the_queue_has_grown(self):
        """Else each put would cost the length of the queue."""
        box = outbox(merge=1)
        box.put_entries(deltas([1, 2]), now=0.0)
        box.relieve(now=0.0, is_on_screen=nothing)
        size = box.size
        assert len(box) == 1

        number = 3
        while box.size <= size + AGAIN:
            assert len(box) == number - 2
            box.put_entries(deltas([number]), now=0.0)
            if box.size <= size + AGAIN:
                box.relieve(now=0.0, is_on_screen=nothing)
            number += 1
        assert len(box) > 50
        box.relieve(now=0.0, is_on_screen=nothing)
        assert len(box) == 1

    def test_a_queue_that_grows_slowly_while_batches_leave_is_merged_too(self):
        box = outbox(merge=20_000)
        number, longest = 1, 0
        for _ in range(60):
            box.put_entries(deltas(range(number, number + 40)), now=0.0)
            number += 40
            box.relieve(now=0.0, is_on_screen=nothing)
            longest = max(longest, len(box))
            box.take(now=0.0, max_bytes=200)
            box.left(now=0.0)
        assert longest < 400

    def test_after_a_long_queue_has_left_it_begins_at_its_limit_again(self):
        box = outbox(merge=1500)
        box.put_entries([solid(n, size=10_000) for n in range(1, 6)], now=0.0)
        box.relieve(now=0.0, is_on_screen=nothing)
        box.take(now=0.0, max_bytes=HUGE)
        box.left(now=0.0)
        for number in range(1, 200):
            box.put_entries(deltas([number]), now=0.0)
            box.relieve(now=0.0, is_on_screen=nothing)
        assert len(box) < 100


class TestSummarising:
    @pytest.mark.parametrize(("over", "is_summarised"), [(0, False), (1, True)])
    def test_threads_off_the_screen_fall_silent_above_the_limit(
        self, over, is_summarised
    ):
        box = outbox(summarise=3000 - over)
        box.put_entries(
            [solid(1, log="a"), solid(1, log="b"), solid(2, log="a")], now=0.0
        )
        relief = box.relieve(now=0.0, is_on_screen=lambda log: log == "a")

        assert relief == (
            Relief(summarised=frozenset("b")) if is_summarised else NO_RELIEF
        )
        logs = [frame.log for frame in taken(box)]
        assert logs == (["a", "a"] if is_summarised else ["a", "b", "a"])

    def test_merging_comes_first(self):
        box = outbox(merge=1000, summarise=1500)
        box.put_entries(deltas(range(1, 11)), now=0.0)
        assert box.relieve(now=0.0, is_on_screen=nothing) is NO_RELIEF

    def test_what_is_on_the_screen_stays(self):
        box = outbox(summarise=1)
        box.put_entries([solid(1)], now=0.0)
        assert box.relieve(now=0.0, is_on_screen=everything) is NO_RELIEF
        assert len(box) == 1

    def test_other_frames_stay(self):
        box = outbox(summarise=1)
        box.put(b"result", now=0.0)
        box.put_entries([solid(1)], now=0.0)
        relief = box.relieve(now=0.0, is_on_screen=nothing)

        assert relief == Relief(summarised=frozenset(["thread:t"]))
        assert box.take(now=0.0) == [b"result"]


class TestGivingWay:
    @pytest.mark.parametrize(("over", "gives_way"), [(0, False), (1, True)])
    def test_events_give_way_above_the_limit(self, over, gives_way):
        box = outbox(snapshot=3000 - over)
        box.put_entries(
            [solid(1, log="a"), solid(2, log="a"), solid(1, log="b")], now=0.0
        )
        relief = box.relieve(now=0.0, is_on_screen=everything)

        assert relief == (Relief(dropped=frozenset("ab")) if gives_way else NO_RELIEF)
        assert len(box) == (0 if gives_way else 3)

    @pytest.mark.parametrize(("now", "gives_way"), [(14.9, False), (15.0, True)])
    def test_events_give_way_when_nothing_left_for_too_long(self, now, gives_way):
        box = outbox(stalled=10.0)
        box.put_entries([solid(1)], now=5.0)
        box.put_entries([solid(2)], now=12.0)
        assert box.deadline() == 15.0

        relief = box.relieve(now=now, is_on_screen=everything)

        assert relief.dropped == (frozenset(["thread:t"]) if gives_way else frozenset())
        assert not relief.is_behind

    def test_each_batch_that_leaves_starts_the_clock_again(self):
        box = outbox(stalled=10.0)
        box.put_entries([solid(1), solid(2)], now=0.0)
        box.take(now=8.0, max_bytes=1)
        assert box.deadline() == 18.0
        box.left(now=9.0)
        assert box.deadline() == 19.0
        box.take(now=10.0)
        box.take(now=11.0)  # there was nothing to take: nothing has moved
        assert box.deadline() == 20.0
        box.left(now=12.0)
        assert box.deadline() is None

    def test_frames_that_must_arrive_stay(self):
        box = outbox(snapshot=1)
        box.put_entries([solid(1)], now=0.0)
        box.put(b"x", now=0.0)
        assert box.relieve(now=0.0, is_on_screen=everything).dropped
        assert box.take(now=0.0) == [b"x"]

    def test_an_empty_outbox_never_stalls(self):
        box = outbox(stalled=10.0)
        box.put_entries([solid(1)], now=0.0)
        box.drop_log("thread:t")

        assert box.deadline() is None
        assert box.relieve(now=99.0, is_on_screen=everything) is NO_RELIEF

    def test_giving_way_with_nothing_under_way_leaves_nothing_to_wait_for(self):
        box = outbox(snapshot=500)
        box.put_entries([solid(1)], now=0.0)
        box.relieve(now=3.0, is_on_screen=everything)
        assert box.deadline() is None
        box.put(b"snapshot", now=4.0)
        assert box.deadline() == 14.0


class TestBeingBehind:
    def stalled(self, **limits):
        """A box whose transport took something and sticks."""
        box = outbox(stalled=10.0, **limits)
        box.put_entries([solid(1), solid(2)], now=0.0)
        box.take(now=0.0, max_bytes=1)
        return box

    @pytest.mark.parametrize(("now", "is_behind"), [(19.9, False), (20.0, True)])
    def test_the_snapshot_has_as_long_to_leave_as_the_events_had(self, now, is_behind):
        box = self.stalled()
        assert box.relieve(now=10.0, is_on_screen=everything).dropped
        box.put(b"snapshot", now=10.0)
        box.put_entries([solid(3)], now=11.0)

        relief = box.relieve(now=now, is_on_screen=everything)

        assert relief.is_behind is is_behind
        assert bool(relief.dropped) is is_behind

    def test_who_takes_the_snapshot_starts_over(self):
        box = self.stalled()
        box.relieve(now=10.0, is_on_screen=everything)
        box.put(b"snapshot", now=10.0)
        box.left(now=15.0)
        box.take(now=15.0)
        box.put_entries([solid(3)], now=15.0)
        relief = box.relieve(now=25.0, is_on_screen=everything)

        assert relief == Relief(dropped=frozenset(["thread:t"]))

    def test_a_busy_thread_does_not_make_a_past_hiccup_count(self):
        """Its queue is hardly ever empty, though the reader keeps up."""
        box = self.stalled()
        box.relieve(now=10.0, is_on_screen=everything)
        for second in range(10, 100):
            box.put_entries([solid(second)], now=second)
            box.left(now=second)
            box.take(now=second)
        box.put_entries([solid(100)], now=99.0)
        relief = box.relieve(now=109.0, is_on_screen=everything)

        assert relief.dropped
        assert not relief.is_behind

    def test_what_comes_while_the_snapshot_waits_is_dropped_without_a_close(self):
        box = self.stalled(snapshot=3000)
        box.relieve(now=10.0, is_on_screen=everything)
        box.put_entries([solid(n) for n in range(3, 7)], now=12.0)
        relief = box.relieve(now=12.0, is_on_screen=everything)

        assert relief == Relief(dropped=frozenset(["thread:t"]))
        assert box.size == 1000

    @pytest.mark.parametrize(("over", "is_behind"), [(0, False), (1, True)])
    def test_what_cannot_be_dropped_meanwhile_has_the_same_limit(self, over, is_behind):
        box = self.stalled(snapshot=3000)
        box.relieve(now=10.0, is_on_screen=everything)
        box.put(b"x" * (2000 + over), now=12.0)
        box.put_entries([solid(3)], now=12.0)
        assert box.relieve(now=12.0, is_on_screen=everything).is_behind is is_behind

    def test_where_nothing_can_give_way_it_is_behind_at_once(self):
        box = outbox(stalled=10.0)
        box.put(b"result", now=0.0)
        box.take(now=0.0)

        assert box.relieve(now=9.9, is_on_screen=everything) is NO_RELIEF
        assert box.relieve(now=10.0, is_on_screen=everything) == Relief(is_behind=True)

    @pytest.mark.parametrize(("size", "is_behind"), [(3000, False), (3001, True)])
    def test_frames_that_must_arrive_have_a_limit_too(self, size, is_behind):
        box = outbox(snapshot=3000)
        box.put(b"x" * size, now=0.0)
        assert box.relieve(now=0.0, is_on_screen=everything).is_behind is is_behind


def test_a_log_that_may_no_longer_be_read_is_forgotten():
    box = outbox()
    box.put_entries([solid(1, log="a"), solid(1, log="b")], now=0.0)
    box.put(b"x", now=0.0)
    box.drop_log("a")
    box.drop_log("unknown")

    assert box.size == 1001
    assert len(box) == 2
    assert box.deadline() == 10.0
