"""A checker that cannot fail proves nothing: every rule is broken once."""

import pytest

from goldenpath.protocol import (
    AgentCompleted,
    AgentStarted,
    Cursor,
    TextDelta,
    UserMessage,
)
from goldenpath.protocol._frames import (
    EventFrame,
    Live,
    Result,
    Snapshot,
    SnapshotState,
)
from goldenpath.testing import Witness, violations

LOG = "thread:t"


def event(number, event, *, run="r", log=LOG):
    return EventFrame(
        log=log,
        epoch="e",
        incarnation="i",
        number=number,
        time=float(number),
        event=event,
        run=run,
    )


def whole():
    """A thread with one message and its answer."""
    return [
        event(1, UserMessage(text="hi", client_message_id="c"), run=None),
        event(2, AgentStarted(agent="a", message=1)),
        event(3, TextDelta(text="yes")),
        event(4, AgentCompleted(text="yes", length=3, duration=0.1)),
    ]


def witness(frames, **fields):
    start = Snapshot(
        log=LOG, cursor=Cursor("e", "", 0), why="new", state=SnapshotState()
    )
    return Witness("ann", may_read={LOG}, frames=[start, *frames], **fields)


def test_a_device_that_saw_everything_is_found_right():
    acknowledged = [Result(id="1", thread="t", number=1, client_message_id="c")]
    seen = witness(whole(), acknowledged=acknowledged)

    assert violations([seen], {LOG: whole()}) == []


@pytest.mark.parametrize(
    ("change", "invariant"),
    [
        (lambda log: log.pop(1), "I2"),  # a hole in the log
        (lambda log: log.pop(3), "I5"),  # a run without an end
        (lambda log: log.append(event(5, log[3].event)), "I5"),  # two ends
        (lambda log: log.append(event(5, TextDelta(text="!"))), "I5"),  # after it
    ],
)
def test_a_broken_log_is_found(change, invariant):
    log = whole()
    change(log)

    assert any(found.startswith(invariant) for found in violations([], {LOG: log}))


@pytest.mark.parametrize("missing", range(4))
def test_a_device_that_missed_an_event_is_found(missing):
    frames = whole()
    del frames[missing]

    found = violations([witness(frames)], {LOG: whole()})

    assert [text for text in found if text.startswith("I3")]


def test_a_device_that_holds_other_text_is_found():
    frames = whole()
    frames[2] = event(3, TextDelta(text="no!"))

    assert violations([witness(frames)], {LOG: whole()})[0].startswith("I3")


def test_what_comes_twice_does_no_harm():
    frames = [frame for frame in whole() for _ in range(2)]

    assert violations([witness(frames)], {LOG: whole()}) == []


@pytest.mark.parametrize(
    "frame",
    [
        event(1, TextDelta(text="secret"), log="thread:other"),
        Live(log="user:other", epoch="e", incarnation="i", number=1),
    ],
)
def test_a_frame_of_somebody_else_is_found(frame):
    found = violations([witness([*whole(), frame])], {LOG: whole()})

    assert found == [f"I4: ann was sent {frame.log}"]


@pytest.mark.parametrize(
    "result",
    [
        Result(id="1", thread="t", number=2, client_message_id="c"),
        Result(id="1", thread="t", number=1, client_message_id="lost"),
        Result(id="1", thread="gone", number=1, client_message_id="c"),
    ],
)
def test_an_acknowledged_message_that_is_not_stored_is_found(result):
    found = violations([witness(whole(), acknowledged=[result])], {LOG: whole()})

    assert found[0].startswith("I1")
