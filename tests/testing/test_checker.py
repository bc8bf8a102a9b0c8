"""A checker that cannot fail proves nothing: every rule is broken once."""

import msgspec
import pytest

from goldenpath.protocol import (
    AgentCompleted,
    AgentInterrupted,
    AgentStarted,
    Cursor,
    TextDelta,
    UserMessage,
)
from goldenpath.protocol._events import Unreadable
from goldenpath.protocol._frames import (
    EventFrame,
    Limits,
    Live,
    Person,
    Ping,
    Result,
    Snapshot,
    SnapshotState,
    Welcome,
)
from goldenpath.testing import Evidence, Witness, Write, violations

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

    found = violations([witness(frames)], {LOG: whole()})

    assert "I3: ann holds something else of thread:t" in found


def test_a_device_that_left_need_not_hold_what_came_afterwards():
    """But what it held was right."""
    gone = witness(whole()[:2], has_left=True)
    wrong = witness([whole()[0], event(2, TextDelta(text="?"))], has_left=True)

    assert violations([gone], {LOG: whole()}) == []
    assert "I3: ann holds something else of thread:t" in violations(
        [wrong], {LOG: whole()}
    )


def test_a_device_that_left_within_a_range_is_not_compared():
    """Deltas may be joined once a run has ended."""
    parts = [*whole()[:3], event(4, TextDelta(text="!", offset=3))]
    joined = msgspec.structs.replace(event(4, TextDelta(text="yes!")), first=3)
    end = event(5, AgentCompleted(text="yes!", length=4, duration=0.1))
    gone = witness(parts[:3], has_left=True)

    assert violations([gone], {LOG: [*parts[:2], joined, end]}) == []


def test_a_number_that_means_two_events_is_found():
    """Between devices, too: nobody may have been told what was then taken back."""
    frames = whole()
    frames[2] = event(3, TextDelta(text="no!"))
    told = witness(frames)
    other = Witness("bob", may_read={LOG}, frames=whole()[:3])

    assert "I2: thread:t 3 is another for ann" in violations([told], {LOG: whole()})
    assert violations([told, other], {}) == ["I2: thread:t 3 is another for bob"]


def test_a_number_may_come_again_after_a_restored_backup():
    """With another incarnation; the snapshot that replaces the rest comes before it."""
    before = witness([*whole()[:2], event(3, TextDelta(text="lost"))])
    restored = [msgspec.structs.replace(each, incarnation="j") for each in whole()]
    start = Snapshot(
        log=LOG, cursor=Cursor("e", "", 0), why="epoch", state=SnapshotState()
    )
    before.frames += [start, *restored]

    assert violations([before], {LOG: restored}) == []


def test_a_range_and_its_parts_may_both_be_told():
    """Deltas are joined for one reader and not for another."""
    log = [
        *whole()[:3],
        event(4, TextDelta(text="!", offset=3)),
        event(5, AgentCompleted(text="yes!", length=4, duration=0.1)),
    ]
    joined = msgspec.structs.replace(event(4, TextDelta(text="yes!")), first=3)
    frames = [*log[:2], joined, log[4]]

    assert violations([witness(frames), witness(log)], {LOG: log}) == []


def test_what_comes_twice_does_no_harm():
    frames = [frame for frame in whole() for _ in range(2)]

    assert violations([witness(frames)], {LOG: whole()}) == []


@pytest.mark.parametrize(
    "frame",
    [
        event(1, TextDelta(text="secret"), log="thread:other"),
        Live(log="thread:other", epoch="e", incarnation="i", number=1),
        Ping(heads={"thread:other": Cursor("e", "i", 1)}),
        Snapshot(
            log=LOG,
            cursor=Cursor("e", "i", 4),
            why="behind",
            state=SnapshotState(
                events=(*whole(), event(5, TextDelta(text="x"), log="thread:other"))
            ),
        ),
        Welcome(
            connection="c",
            user=Person(id="u", name="ann"),
            log=LOG,
            cursors={"thread:other": Cursor("e", "i", 1)},
            heartbeat_every=1.0,
            silent_after=1.0,
            limits=Limits(
                frame_bytes=1, message_bytes=1, frames_per_second=1.0, frames_burst=1
            ),
            expires_in=1.0,
            server_time=1.0,
        ),
    ],
    ids=lambda frame: type(frame).__name__,
)
def test_a_frame_of_somebody_else_is_found(frame):
    found = violations([witness([*whole(), frame])], {LOG: whole()})

    assert "I4: ann was sent thread:other" in found


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


# What frames and logs alone do not show.


@pytest.mark.parametrize(
    "said",
    [
        TextDelta(text="yes"),  # the other writer says it again
        TextDelta(text="!", offset=9),  # or goes on from somewhere else
        AgentStarted(agent="a", message=1),  # or begins anew
    ],
)
def test_two_writers_of_one_run_are_found_in_the_log(said):
    log = whole()
    log[3:] = [event(4, said), event(5, log[3].event)]

    (found,) = violations([], {LOG: log})
    assert found.startswith("I6: run r at 4")


def test_an_event_that_nobody_can_read_is_no_second_writer():
    log = whole()
    log[2] = event(3, Unreadable(original="newer"))

    assert violations([], {LOG: log}) == []


@pytest.mark.parametrize(
    ("writes", "is_fenced"),
    [
        ([("a", 1), ("a", 1), ("b", 2), ("b", 2)], True),
        ([("a", 1), ("b", 2), ("a", 1)], False),  # it woke up and went on
        ([("a", 1), ("b", 1)], False),  # one token, two owners
    ],
)
def test_a_write_with_an_old_token_is_found(writes, is_fenced):
    evidence = Evidence(writes=[Write("r", owner, token) for owner, token in writes])

    found = violations([], {}, evidence=evidence)
    assert [text[:2] for text in found] == ([] if is_fenced else ["I6"])


def test_tokens_of_other_runs_do_not_count():
    evidence = Evidence(writes=[Write("r", "a", 7), Write("s", "b", 1)])

    assert violations([], {}, evidence=evidence) == []


@pytest.mark.parametrize(
    ("silence", "found"),
    [(19.0, []), (21.0, ["I5: run r was interrupted after 21.0 s"])],
)
def test_a_run_that_was_interrupted_too_late_is_found(silence, found):
    log = whole()
    log[3] = msgspec.structs.replace(
        event(4, AgentInterrupted(text="gone")), time=3.0 + silence
    )
    evidence = Evidence(interrupted_within=20.0)

    assert violations([], {LOG: log}, evidence=evidence) == found
    assert violations([], {LOG: log}) == []


@pytest.mark.parametrize(
    ("open_connections", "registered", "holds"),
    [(2, 2, True), (2, 1, False), (0, 1, False), (None, 1, True)],
)
def test_a_connection_that_is_not_where_it_should_be_is_found(
    open_connections, registered, holds
):
    evidence = Evidence(open_connections=open_connections, registered=registered)

    found = violations([], {}, evidence=evidence)
    assert [text[:2] for text in found] == ([] if holds else ["I7"])


def test_a_connection_that_costs_too_much_is_found():
    evidence = Evidence(connection_bytes=[10.0, 300.0], connection_bytes_most=256.0)

    assert violations([], {}, evidence=evidence) == [
        "I8: a connection took 300 bytes of 256"
    ]


def test_a_close_that_means_a_bug_is_found():
    assert violations([], {}, evidence=Evidence(close_codes=[1001, 1011, 4413])) == [
        "I9: 1 connections were closed with 1011"
    ]


def test_an_error_that_nobody_caused_is_found():
    lines = (
        "12:00 INFO goldenpath all is well\n"
        "12:01 ERROR goldenpath.runs the agent failed as it should\n"
        "12:02 ERROR goldenpath.logs something else\n"
        "Traceback (most recent call last):\n"
    )
    evidence = Evidence(server_log=lines, injected=["the agent failed as it should"])

    assert violations([], {}, evidence=evidence) == [
        "I9: 12:02 ERROR goldenpath.logs something else",
        "I9: Traceback (most recent call last):",
    ]
