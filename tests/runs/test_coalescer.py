"""Pieces of an answer become few events, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._events import (
    AgentStarted,
    AgentThinking,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    utf16_length,
)
from goldenpath.protocol._order import RunOrder
from goldenpath.runs._coalescer import Coalescer


@pytest.fixture
def coalescer():
    return Coalescer(every=0.040, max_bytes=1024)


def test_nothing_is_due_while_nothing_was_said(coalescer):
    coalescer.text("")

    assert coalescer.due() is None
    assert coalescer.take(now=0.0) == []


def test_the_first_piece_leaves_at_once(coalescer):
    coalescer.text("a")

    assert coalescer.due() == 0.0


def test_later_pieces_wait_for_40_ms_since_the_last_batch_and_leave_as_one(coalescer):
    coalescer.text("a")
    coalescer.take(now=1.0)
    coalescer.text("b")
    coalescer.text("c")

    assert coalescer.due() == pytest.approx(1.040)
    assert coalescer.take(now=1.040) == [TextDelta(text="bc", offset=1)]


def test_a_kilobyte_does_not_wait(coalescer):
    coalescer.text("a")
    coalescer.take(now=1.0)
    coalescer.text("é" * 511)
    assert coalescer.due() == pytest.approx(1.040)
    coalescer.text("é")

    assert coalescer.due() == 0.0


def test_another_event_leaves_at_once_behind_the_text_before_it(coalescer):
    coalescer.text("a")
    coalescer.take(now=1.0)
    coalescer.text("b")
    tool = ToolExecuting(call="c", name="look")
    coalescer.event(tool)
    coalescer.text("d")

    assert coalescer.due() == 0.0
    assert coalescer.take(now=1.001) == [
        TextDelta(text="b", offset=1),
        tool,
        TextDelta(text="d", block=1, offset=0),
    ]
    assert coalescer.due() is None
    assert coalescer.pending_bytes == 0


def test_thinking_and_text_count_their_blocks_apart(coalescer):
    coalescer.thinking("hm")
    coalescer.text("a")
    coalescer.thinking("ha")

    assert coalescer.take(now=0.0) == [
        AgentThinking(text="hm"),
        TextDelta(text="a"),
        AgentThinking(text="ha", block=1),
    ]


def test_a_code_point_in_two_halves_becomes_whole(coalescer):
    coalescer.text("a\ud83d")
    coalescer.text("\ude00b")

    assert coalescer.take(now=0.0) == [TextDelta(text="a😀b")]


def test_half_a_code_point_that_stays_alone_is_replaced(coalescer):
    coalescer.text("a\ud83d")
    coalescer.text("b\ude00")
    coalescer.text("\ud83d")
    assert coalescer.settle() == [TextDelta(text="\ufffd", offset=4)]

    assert coalescer.take(now=0.0) == [TextDelta(text="a\ufffdb\ufffd\ufffd")]


def test_half_a_code_point_does_not_wander_into_what_follows(coalescer):
    coalescer.text("a\ud83d")
    coalescer.thinking("\ude00")
    coalescer.text("b\ud83d")
    added = coalescer.event(ToolExecuting(call="c", name="look"))

    assert added == [TextDelta(text="\ufffd", block=1, offset=1)]
    assert [getattr(e, "text", None) for e in coalescer.take(now=0.0)] == [
        "a\ufffd",
        "\ufffd",
        "b\ufffd",
        None,
    ]


def test_a_huge_piece_becomes_deltas_that_split_no_code_point(coalescer):
    text = "😀" * 20_000
    coalescer.text(text)
    batch = coalescer.take(now=0.0)

    assert len(batch) == 3
    assert "".join(event.text for event in batch) == text
    assert [event.offset for event in batch] == [0, 16_384, 32_768]


pieces = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(["\ud800", "\ud83d", "\ude00", "\udfff", "😀", "a"]),
    ),
    max_size=6,
)
spoken = st.lists(
    st.one_of(
        st.tuples(st.just("text"), pieces),
        st.tuples(st.just("thinking"), pieces),
        st.tuples(st.just("tool"), st.just("")),
        st.tuples(st.just("take"), st.just("")),
    ),
    max_size=30,
)


def whole(text):
    """Return what a text says once nothing can follow any more."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@given(spoken)
def test_what_comes_out_is_what_was_said_in_an_order_that_is_allowed(said):
    """The law: nothing lost, nothing repeated, offsets contiguous."""
    coalescer = Coalescer(every=0.04, max_bytes=1024)
    announced, out, expected = [], [], []
    calls = 0
    for kind, piece in said:
        match kind:
            case "text" | "thinking":
                announced += getattr(coalescer, kind)(piece)
                if piece and (not expected or expected[-1][0] != kind):
                    expected.append((kind, ""))
                if piece:
                    expected[-1] = (kind, expected[-1][1] + piece)
            case "tool":
                calls += 1
                for event in (
                    ToolExecuting(call=str(calls), name="t"),
                    ToolCompleted(call=str(calls), duration=0.0),
                ):
                    announced += coalescer.event(event)
                expected.append(("tool", ""))
            case _:
                out += coalescer.take(now=0.0)
    announced += coalescer.settle()
    out += coalescer.take(now=0.0)

    order = RunOrder().after(AgentStarted(agent="", message=0))
    for event in out:
        order = order.after(event)
    for kind, name in ((TextDelta, "text"), (AgentThinking, "thinking")):
        text = "".join(e.text for e in out if isinstance(e, kind))
        assert text == "".join(whole(part) for what, part in expected if what == name)
        assert text == "".join(e.text for e in announced if isinstance(e, kind))
        assert sum(order_length(out, kind)) == utf16_length(text)


def order_length(events, kind):
    return [utf16_length(e.text) for e in events if isinstance(e, kind)]
