import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goldenpath.errors import LocalProtocolError, OrderError
from goldenpath.protocol._events import (
    RUN_ENDS,
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    InputReceived,
    InputRequested,
    RunStarted,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
    Unreadable,
    UserMessage,
    event_type,
)
from goldenpath.protocol._order import RunOrder
from tests.protocol.strategies import HARD_LAW, runs

START = AgentStarted(agent="a", message=1)
LEFT = "block {} offset {} does not continue block 0 at 2"
DONE = AgentCompleted(length=0, duration=1.0)
FAIL = AgentFailed(code="agent_error", text="x", retryable=True)


def after(*events):
    order = RunOrder()
    for event in events:
        order = order.after(event)
    return order


def refused(*events):
    """The first event that is refused, as (index, message), or None."""
    order = RunOrder()
    for index, event in enumerate(events):
        try:
            order = order.after(event)
        except OrderError as error:
            return index, str(error)
    return None


def dependent(run, index):
    """The first event that cannot stand without the one at an index, or None."""
    event = run[index]
    later = range(index + 1, len(run))
    match event:
        case AgentStarted():
            at = index + 1
            return (
                None if isinstance(run[at], AgentCancelled | AgentInterrupted) else at
            )
        case ToolExecuting(call=call) | InputRequested(call=call):
            return next(
                (at for at in later if getattr(run[at], "call", "") == call), None
            )
        case ToolCompleted() | InputReceived():
            return len(run) - 1 if isinstance(run[-1], AgentCompleted) else None
        case TextDelta() | AgentThinking():
            same = [at for at in later if type(run[at]) is type(event)]
            if same and run[same[0]].block == event.block:
                return same[0]
            # The next block needs this one to exist, but not to be complete.
            is_alone = event.offset == 0 and event.block > 0
            return same[0] if same and is_alone else None
    return None


@HARD_LAW
@given(runs())
def test_a_run_in_order_is_accepted_to_its_end(run):
    order = after(*run)
    assert order.end == RUN_ENDS[type(run[-1])]


@HARD_LAW
@given(runs(), st.data())
def test_a_run_that_lacks_an_event_is_refused_where_it_is_missed(run, data):
    index = data.draw(st.integers(0, len(run) - 1))
    missed = dependent(run, index)
    assume(missed is not None)
    found = refused(*run[:index], *run[index + 1 :])

    assert found is not None
    assert found[0] == missed - 1
    assert found[1].startswith(f"{event_type(run[missed])} cannot come now: ")


@HARD_LAW
@given(runs(), st.data())
def test_a_run_that_repeats_an_event_is_refused_there(run, data):
    index = data.draw(st.integers(0, len(run) - 1))
    assume(not isinstance(run[index], ToolProgress))
    found = refused(*run[: index + 1], *run[index:])

    assert found is not None
    assert found[0] == index + 1
    assert found[1].startswith(f"{event_type(run[index])} cannot come now: ")


@HARD_LAW
@given(runs(), st.data())
def test_an_event_before_what_it_depends_on_is_refused(run, data):
    index = data.draw(st.integers(0, len(run) - 1))
    missed = dependent(run, index)
    assume(missed is not None)
    moved = run[missed]
    found = refused(*run[:index], moved, *run[index:missed], *run[missed + 1 :])

    assert found is not None
    assert found[0] == index
    assert found[1].startswith(f"{event_type(moved)} cannot come now: ")


@HARD_LAW
@given(runs(), runs())
def test_nothing_comes_after_an_end(run, other):
    order = after(*run)
    for event in other:
        with pytest.raises(OrderError, match=f"the run has already {order.end}"):
            order.after(event)


@HARD_LAW
@given(runs(), st.data())
def test_a_refused_batch_leaves_no_trace(run, data):
    """The state is a value: the next batch begins where the last good one ended."""
    index = data.draw(st.integers(0, len(run) - 1))
    order = after(*run[:index])
    before = order
    with pytest.raises(OrderError):
        order.after(UserMessage(text="a", client_message_id="m"))

    assert order == before
    assert after(*run[:index], *run[index:]).end is not None


def test_only_two_ends_may_come_before_the_start():
    """A queued run can be stopped, or lose its server; it cannot fail."""
    assert after(AgentCancelled()).end == "cancelled"
    assert after(AgentInterrupted()).end == "interrupted"
    for event in (FAIL, DONE, TextDelta(text="a"), ToolExecuting(call="c", name="n")):
        with pytest.raises(OrderError, match="the run has not begun"):
            RunOrder().after(event)


@pytest.mark.parametrize("end", [FAIL, AgentCancelled(), AgentInterrupted()])
def test_three_ends_close_what_is_open(end):
    events = (
        START,
        ToolExecuting(call="c", name="n"),
        InputRequested(call="q", question="?"),
    )
    assert after(*events, end).end == RUN_ENDS[type(end)]


def test_completing_names_all_that_is_still_open():
    order = after(
        START,
        ToolExecuting(call="c2", name="n"),
        ToolExecuting(call="c1", name="n"),
        InputRequested(call="q1", question="?"),
    )
    with pytest.raises(OrderError, match=r"agent_completed .*: still open: c1, c2, q1"):
        order.after(DONE)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([START, START], "agent_started cannot come now: the run has already begun"),
        (
            [
                ToolExecuting(call="c", name="n"),
                ToolCompleted(call="c", duration=1.0),
                InputRequested(call="c", question="?"),
            ],
            "input_requested cannot come now: call 'c' was used before",
        ),
        (
            [ToolProgress(call="c")],
            "tool_progress cannot come now: call 'c' is not open",
        ),
        (
            [ToolCompleted(call="c", duration=1.0)],
            "tool_completed cannot come now: call 'c' is not open",
        ),
        (
            [ToolExecuting(call="c", name="n"), InputReceived(call="c")],
            "input_received cannot come now: question 'c' is not open",
        ),
        (
            [
                InputRequested(call="q", question="?"),
                ToolCompleted(call="q", duration=1),
            ],
            "tool_completed cannot come now: call 'q' is not open",
        ),
        (
            [TextDelta(text="ab"), TextDelta(text="c", offset=1)],
            "text_delta cannot come now: " + LEFT.format(0, 1),
        ),
        (
            [AgentThinking(text="😀"), AgentThinking(text="c", offset=1)],
            "agent_thinking cannot come now: " + LEFT.format(0, 1),
        ),
        (
            [TextDelta(text="ab"), TextDelta(text="c", block=2)],
            "text_delta cannot come now: " + LEFT.format(2, 0),
        ),
        (
            [RunStarted(thread="t", run="r")],
            "run_started cannot come now: it is not an event of a run",
        ),
        ([Unreadable()], "unreadable cannot come now: it is not an event of a run"),
    ],
)
def test_a_refusal_names_the_event_and_the_reason(events, message):
    events = events if events[0] is START else [START, *events]
    found = refused(*events)

    assert found == (len(events) - 1, message)


def test_breaking_the_order_is_an_error_on_this_side():
    assert issubclass(OrderError, LocalProtocolError)


def test_thinking_and_text_are_counted_apart():
    order = after(
        START,
        AgentThinking(text="abc"),
        TextDelta(text="日"),
        AgentThinking(text="d", offset=3),
        TextDelta(text="本", offset=1),
    )
    assert (order.text, order.thinking) == ((0, 2), (0, 4))
