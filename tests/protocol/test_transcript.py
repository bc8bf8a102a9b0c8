"""The cases that TypeScript shares are in tests/vectors/transcript.json."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._codec import event_frame
from goldenpath.protocol._events import (
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
    utf16_length,
)
from goldenpath.protocol._transcript import (
    QuestionPart,
    TextPart,
    ThinkingPart,
    ToolPart,
    Transcript,
    cut_utf16,
)
from tests.protocol.strategies import HARD_LAW, LAW, entry, events, fold, threads

START = AgentStarted(agent="Echo", message=1, note="small")


def transcript(*events, run="r"):
    result = Transcript()
    for number, event in enumerate(events, 1):
        result.add(event, number=number, time=float(number), run=run)
    return result


@LAW
@given(st.text(max_size=9), st.text(max_size=9))
def test_cutting_is_counted_in_utf_16(head, tail):
    assert cut_utf16(head + tail, utf16_length(head)) == tail
    assert cut_utf16(head, utf16_length(head) + 1) == ""


def test_half_a_character_is_never_shown():
    assert cut_utf16("😀a", 1) == "\ufffda"


@HARD_LAW
@given(st.text("ab日😀", min_size=1, max_size=12), st.data())
def test_overlapping_pieces_give_the_text_once(text, data):
    """Pieces in any cut, each beginning at or before what is held already."""
    kind, part = data.draw(
        st.sampled_from([(TextDelta, TextPart), (AgentThinking, ThinkingPart)])
    )
    skipped = data.draw(st.integers(0, len(text) - 1))
    pieces, held = [], skipped
    while held < len(text):
        start = data.draw(st.integers(0 if pieces else held, held))
        held = data.draw(st.integers(held + 1, len(text)))
        pieces.append(kind(text=text[start:held], offset=utf16_length(text[:start])))
    shown = transcript(*pieces).items[0].parts

    assert shown == [part(block=0, text=text[skipped:], end=utf16_length(text))]


@HARD_LAW
@given(st.lists(st.tuples(events, st.sampled_from([None, "r", "s"])), max_size=12))
def test_the_fold_never_fails(several):
    """Rule 1, for any events in any order."""
    result = Transcript()
    for number, (event, run) in enumerate(several, 1):
        result.add(event, number=number, time=0.0, run=run)
        result.apply(event_frame(entry(number, event, run=run)))

    assert isinstance(json.loads(result.as_json()), list)


@HARD_LAW
@given(threads())
def test_a_run_that_ended_has_nothing_open(entries):
    result = Transcript()
    for item in entries:
        result.apply(event_frame(item))
    for item in result.items:
        for part in getattr(item, "parts", []):
            assert getattr(part, "state", "") not in {"running", "open"}
    assert result.as_json() == fold(entries)


def test_a_message_is_an_item():
    message = UserMessage(text="Hi", client_message_id="m", device="d")
    assert json.loads(transcript(message, run=None).as_json()) == [
        {
            "kind": "message",
            "number": 1,
            "time": 1.0,
            "text": "Hi",
            "client_message_id": "m",
            "device": "d",
        }
    ]


def test_a_run_is_an_item_with_its_parts():
    result = transcript(
        START,
        AgentThinking(text="Hm"),
        ToolExecuting(call="c", name="search", arguments={"q": 1}),
        ToolProgress(call="c", fraction=0.5, text="half"),
        ToolCompleted(call="c", duration=2.0, result=[1], cut_from=9),
        InputRequested(call="q", question="Sure?", choices=("y", "n")),
        InputReceived(call="q", value="y"),
        TextDelta(text="Hel"),
        TextDelta(text="lo", offset=3),
        TextDelta(text="!", block=1),
        AgentCompleted(length=6, duration=3.0, text="Hello!", usage={"tokens": 2}),
    )
    run = result.items[0]

    assert (run.run, run.agent, run.note, run.message) == ("r", "Echo", "small", 1)
    assert (run.state, run.duration, run.usage) == ("completed", 3.0, {"tokens": 2})
    assert run.parts == [
        ThinkingPart(block=0, text="Hm", end=2),
        ToolPart(
            call="c",
            name="search",
            arguments={"q": 1},
            state="completed",
            fraction=0.5,
            progress="half",
            result=[1],
            duration=2.0,
            cut_from=9,
        ),
        QuestionPart(
            call="q", question="Sure?", choices=("y", "n"), state="answered", value="y"
        ),
        TextPart(block=0, text="Hello", end=5),
        TextPart(block=1, text="!", end=1),
    ]
    assert result.text_of("r") == "Hello!"
    assert result.state_of("r") == "completed"


def test_nothing_is_known_of_a_run_that_was_not_seen():
    assert transcript(START).text_of("other") == ""
    assert transcript(START).state_of("other") is None
    assert transcript(START).state_of("r") == "running"


@pytest.mark.parametrize(
    ("end", "state", "error", "retryable", "reference"),
    [
        (
            AgentFailed(code="order", text="x", retryable=True, reference="7"),
            "failed",
            "x",
            True,
            "7",
        ),
        (AgentCancelled(), "cancelled", "Stopped", True, ""),
        (AgentInterrupted(text="y", retryable=False), "interrupted", "y", False, ""),
    ],
)
def test_an_end_stops_what_is_open(end, state, error, retryable, reference):
    run = transcript(
        ToolExecuting(call="done", name="n"),
        ToolCompleted(call="done", duration=1.0, error="bad"),
        ToolExecuting(call="c", name="n"),
        InputRequested(call="q", question="?"),
        TextDelta(text="a"),
        end,
    ).items[0]

    assert run.state == state
    assert (run.error, run.retryable, run.reference) == (error, retryable, reference)
    assert [getattr(part, "state", None) for part in run.parts] == [
        "failed",
        "stopped",
        "stopped",
        None,
    ]


@pytest.mark.parametrize(
    "event", [Unreadable(original="text_delta"), RunStarted(thread="t", run="r")]
)
def test_what_says_nothing_about_a_run_does_not_make_one_appear(event):
    assert transcript(event).items == []
    assert transcript(START, event).items == transcript(START).items


def test_an_event_of_a_run_without_its_name_is_ignored():
    assert transcript(START, run=None).items == []


def test_what_cannot_be_placed_is_ignored():
    begun = (
        START,
        ToolExecuting(call="c", name="n"),
        InputRequested(call="q", question="?"),
    )
    result = transcript(
        *begun,
        *(ToolProgress(call=call, text="x") for call in ("q", "other")),
        *(ToolCompleted(call=call, duration=1.0) for call in ("q", "other")),
        *(InputReceived(call=call, value=1) for call in ("c", "other")),
    )
    assert result.as_json() == transcript(*begun).as_json()


def test_a_long_answer_in_wide_letters_is_folded_in_little_time():
    """Each delta must not cost the length of all before it."""
    result = Transcript()
    for n in range(20_000):
        result.add(TextDelta(text="日本", offset=2 * n), number=n, time=0.0, run="r")
    assert result.items[0].parts[0].end == 40_000
