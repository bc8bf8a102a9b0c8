import msgspec
import pytest

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._frames import (
    AnyClientFrame,
    AnyServerFrame,
    ClientFrame,
    ErrorFrame,
    EventFrame,
    Hello,
    Pong,
    Result,
    Send,
    ServerFrame,
    Snapshot,
    SnapshotState,
    Subscribe,
)

CLIENT = """
    hello subscribe unsubscribe send cancel retry answer authenticate acknowledge
    resume pong
"""
SERVER = """
    welcome event snapshot live result error ping draining expiring revoked
"""


def _tags(union):
    return [kind.__struct_config__.tag for kind in union.__args__]


def test_the_kinds_are_fixed():
    """A word that is added or renamed is a change of the wire."""
    assert _tags(AnyClientFrame) == CLIENT.split()
    assert _tags(AnyServerFrame) == SERVER.split()


def test_every_class_of_frame_is_in_its_union():
    assert set(ClientFrame.__subclasses__()) == set(AnyClientFrame.__args__)
    assert set(ServerFrame.__subclasses__()) == set(AnyServerFrame.__args__)


@pytest.mark.parametrize("kind", AnyClientFrame.__args__)
def test_no_client_frame_says_who_somebody_is(kind):
    """The user follows from the proof, never from what a client writes."""
    assert not set(kind.__struct_fields__) & {"user", "identity", "owner", "session"}


def test_a_frame_says_its_kind():
    assert msgspec.to_builtins(Pong()) == {"frame": "pong"}


@pytest.mark.parametrize("size", [1, 128])
def test_a_name_has_between_one_and_128_characters(size):
    frame = {"frame": "hello", "device": "d" * size}
    assert msgspec.convert(frame, AnyClientFrame) == Hello(device="d" * size)


@pytest.mark.parametrize(
    "fields",
    [
        {"frame": "hello", "device": ""},
        {"frame": "hello", "device": "d" * 129},
        {"frame": "hello", "device": "d", "ticket": "t" * 257},
        {"frame": "hello", "device": "d", "threads": ["t"] * 65},
        {"frame": "send", "id": "", "client_message_id": "m", "text": "a"},
        {"frame": "send", "id": "1" * 65, "client_message_id": "m", "text": "a"},
        {"frame": "send", "id": "1", "client_message_id": "m", "text": ""},
        {"frame": "subscribe", "id": "1", "thread": "t", "detail": "some"},
        {"frame": "resume", "log": "l" * 161},
        {"frame": "acknowledge", "cursors": {str(i): None for i in range(66)}},
        {"frame": "answer", "id": "1", "run": "r", "call": "c"},
    ],
)
def test_what_is_too_long_or_missing_is_refused(fields):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, AnyClientFrame)


def test_defaults_are_what_a_client_most_often_means():
    assert Subscribe(id="1", thread="t").detail == "all"
    assert Send(id="1", client_message_id="m", text="a").thread is None
    assert Result(id="1").number is None
    assert not ErrorFrame(code="c", message="m").retryable


def test_a_snapshot_carries_whole_event_frames():
    """So that a device needs one fold, not two."""
    cursor = Cursor("e", "i", 1)
    assert SnapshotState().events == ()
    assert Snapshot.__annotations__["state"] == "SnapshotState"
    assert (
        SnapshotState.__annotations__["events"] == f"tuple[{EventFrame.__name__}, ...]"
    )
    frame = Snapshot(log="l", cursor=cursor, why="new", state=SnapshotState())
    assert msgspec.to_builtins(frame)["state"] == {}
