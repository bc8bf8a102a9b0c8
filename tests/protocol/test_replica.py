import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._codec import event_frame
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._deltas import merge_entries
from goldenpath.protocol._events import UserMessage
from goldenpath.protocol._frames import Snapshot, SnapshotState, ThreadSummary
from goldenpath.protocol._replica import Applied, Replica
from tests.protocol.strategies import HARD_LAW, entry, fold, threads

START = Cursor("e", "", 0)


def replica(cursor=START):
    device = Replica("thread:t")
    device.cursor = cursor
    return device


def snapshot(entries, *, cursor=None, why="new", **state):
    return Snapshot(
        log="thread:t",
        cursor=cursor or entries[-1].cursor,
        why=why,
        state=SnapshotState(events=tuple(map(event_frame, entries)), **state),
    )


def test_before_the_first_snapshot_everything_is_missing():
    assert replica(None).event(event_frame(entry(1))) is Applied.MISSING


@pytest.mark.parametrize(
    ("first", "number", "expected"),
    [
        (3, 3, Applied.DROPPED),
        (4, 4, Applied.DROPPED),
        (1, 4, Applied.DROPPED),
        (5, 5, Applied.APPLIED),
        (5, 9, Applied.APPLIED),
        (2, 5, Applied.APPLIED),
        (6, 6, Applied.MISSING),
        (6, 9, Applied.MISSING),
    ],
)
def test_the_rule_is_three_lines(first, number, expected):
    device = replica(Cursor("e", "i", 4))
    found = device.event(event_frame(entry(number, first=first)))

    assert found is expected
    assert device.cursor.number == (number if expected is Applied.APPLIED else 4)


def test_another_epoch_is_missing_whatever_its_number():
    device = replica(Cursor("e", "i", 4))
    for number in (1, 4, 5, 6):
        frame = event_frame(entry(number, epoch="other"))
        assert device.event(frame) is Applied.MISSING
    assert device.transcript.items == []


def test_the_cursor_names_the_incarnation_that_was_applied_last():
    """The server looks there whether the entry is still the same one."""
    device = replica()
    device.event(event_frame(entry(1, incarnation="i1")))
    assert device.cursor == Cursor("e", "i1", 1)


def test_a_snapshot_replaces_everything():
    device = replica()
    device.event(event_frame(entry(1, UserMessage(text="old", client_message_id="m"))))
    kept = [entry(8, UserMessage(text="new", client_message_id="n"), epoch="e2")]
    device.snapshot(snapshot(kept, before=8, why="epoch"))

    assert device.transcript.as_json() == fold(kept)
    assert device.cursor == Cursor("e2", "i", 8)
    assert device.before == 8
    assert device.event(event_frame(entry(9, epoch="e2"))) is Applied.APPLIED


def test_a_snapshot_of_a_user_log_has_threads():
    device = Replica("user:u")
    summary = ThreadSummary(id="t", title="T", created_at=1.0, updated_at=2.0)
    device.snapshot(snapshot([], cursor=START, threads=(summary,)))

    assert device.threads == (summary,)
    assert device.before is None


@HARD_LAW
@given(threads(), st.data())
def test_whatever_arrives_the_device_ends_with_the_logs_own_bytes(entries, data):
    """Frames are lost, repeated and late; what is missing is asked for."""
    device = replica()
    frames = [event_frame(item) for item in entries + merge_entries(entries)]
    for frame in data.draw(st.lists(st.sampled_from(frames), max_size=30)):
        held = device.cursor.number
        expected = (
            Applied.DROPPED
            if frame.number <= held
            else Applied.MISSING
            if (frame.first or frame.number) > held + 1
            else Applied.APPLIED
        )
        assert device.event(frame) is expected
    for item in entries[device.cursor.number :]:
        assert device.event(event_frame(item)) is Applied.APPLIED

    assert device.transcript.as_json() == fold(entries)
    assert device.cursor == entries[-1].cursor


@HARD_LAW
@given(threads(), st.data())
def test_a_snapshot_in_the_middle_gives_the_same_bytes(entries, data):
    """Saved folds and replayed events are interchangeable."""
    cut = data.draw(st.integers(0, len(entries)))
    device = replica()
    cursor = entries[cut - 1].cursor if cut else START
    device.snapshot(snapshot(merge_entries(entries[:cut]), cursor=cursor))
    for frame in map(event_frame, merge_entries(entries)):
        assert device.event(frame) is not Applied.MISSING

    assert device.transcript.as_json() == fold(entries)
