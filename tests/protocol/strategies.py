"""What the tests of the protocol are fed with: entries, runs, frames, any of them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import inspect as shapes

from goldenpath.protocol._entries import Entry, encode_body
from goldenpath.protocol._events import (
    EVENT_TYPES,
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    Event,
    InputReceived,
    InputRequested,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
    UserMessage,
    utf16_length,
)
from goldenpath.protocol._frames import AnyClientFrame, AnyServerFrame
from goldenpath.protocol._transcript import Transcript

LAW = settings(deadline=None, max_examples=30)
HARD_LAW = settings(deadline=None, max_examples=50)


def entry(
    number: int,
    event: Event | None = None,
    *,
    first: int | None = None,
    log: str = "thread:t",
    run: str | None = "r",
    epoch: str = "e",
    incarnation: str = "i",
    body: bytes | None = None,
) -> Entry:
    if body is None:
        body = encode_body(
            TextDelta(text=".", offset=number - 1) if event is None else event,
            time=float(number),
            run=run,
        )
    return Entry(
        log=log,
        epoch=epoch,
        incarnation=incarnation,
        first=number if first is None else first,
        number=number,
        body=body,
    )


def fold(entries: Sequence[Entry], *, log: str | None = None) -> bytes:
    """The bytes of what the entries (of one log) show."""
    transcript = Transcript()
    for item in entries:
        if log is None or item.log == log:
            transcript.add(
                item.event, number=item.number, time=item.decoded.time, run=item.run
            )
    return transcript.as_json()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def _of(shape: shapes.Type) -> st.SearchStrategy[Any]:
    """Any value of a shape, so that a new field or frame is tested by being there."""
    match shape:
        case shapes.StrType():
            low = shape.min_length or 0
            high = min(shape.max_length or 12, low + 12)
            return st.text(min_size=low, max_size=high)
        case shapes.IntType():
            return st.integers(
                -(2**53) if shape.ge is None else shape.ge,
                2**53 if shape.le is None else shape.le,
            )
        case shapes.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case shapes.BoolType():
            return st.booleans()
        case shapes.NoneType():
            return st.none()
        case shapes.AnyType():
            return json_values
        case shapes.LiteralType():
            return st.sampled_from(shape.values)
        case shapes.UnionType():
            return functools.reduce(operator.or_, map(_of, shape.types))
        case shapes.DictType():
            return st.dictionaries(
                _of(shape.key_type), _of(shape.value_type), max_size=3
            )
        case shapes.VarTupleType():
            return st.lists(_of(shape.item_type), max_size=3).map(tuple)
        case shapes.StructType():
            return instances(shape.cls)
    raise NotImplementedError(shape)


@functools.cache
def instances(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any instance of a struct; a field with a default is left out now and then."""
    shape = shapes.type_info(kind)
    assert isinstance(shape, shapes.StructType)
    required = {f.name: _of(f.type) for f in shape.fields if f.required}
    optional = {f.name: _of(f.type) for f in shape.fields if not f.required}
    return st.fixed_dictionaries(required, optional=optional).map(
        lambda fields: kind(**fields)
    )


events = st.one_of([instances(kind) for kind in EVENT_TYPES.values()])
client_frames = st.one_of([instances(kind) for kind in AnyClientFrame.__args__])
server_frames = st.one_of([instances(kind) for kind in AnyServerFrame.__args__])

pieces = st.text('ab{"\\é日😀', min_size=1, max_size=5)
_STEPS = ("text", "thinking", "call", "progress", "result", "question", "answer")


@st.composite
def runs(draw: st.DrawFn, *, max_steps: int = 12) -> list[Event]:
    """Any run whose events are in order, from its first event to its end."""
    run: list[Event] = [AgentStarted(agent="a", message=1)]
    reached = {TextDelta: (0, 0), AgentThinking: (0, 0)}
    open_calls: list[str] = []
    open_questions: list[str] = []
    for step, what in enumerate(
        draw(st.lists(st.sampled_from(_STEPS), max_size=max_steps))
    ):
        match what:
            case "text" | "thinking":
                kind = TextDelta if what == "text" else AgentThinking
                block, offset = reached[kind]
                if offset and draw(st.booleans()):
                    block, offset = block + 1, 0
                text = draw(pieces)
                run.append(kind(text=text, block=block, offset=offset))
                reached[kind] = (block, offset + utf16_length(text))
            case "call":
                open_calls.append(f"c{step}")
                run.append(ToolExecuting(call=f"c{step}", name="search"))
            case "progress" if open_calls:
                call = draw(st.sampled_from(open_calls))
                run.append(ToolProgress(call=call, text="on it"))
            case "result" if open_calls:
                call = open_calls.pop(draw(st.integers(0, len(open_calls) - 1)))
                run.append(ToolCompleted(call=call, duration=1.0, result=step))
            case "question":
                open_questions.append(f"q{step}")
                run.append(InputRequested(call=f"q{step}", question="Sure?"))
            case "answer" if open_questions:
                call = open_questions.pop(0)
                run.append(InputReceived(call=call, value="yes"))
    if draw(st.booleans()):
        run.extend(ToolCompleted(call=call, duration=1.0) for call in open_calls)
        run.extend(InputReceived(call=call) for call in open_questions)
        run.append(AgentCompleted(length=0, duration=1.0))
    else:
        run.append(
            draw(
                st.sampled_from(
                    [
                        AgentFailed(code="order", text="x", retryable=True),
                        AgentCancelled(),
                        AgentInterrupted(),
                    ]
                )
            )
        )
    return run


@st.composite
def threads(draw: st.DrawFn, *, log: str = "thread:t") -> list[Entry]:
    """Any thread's log: messages, each with a run that answers it."""
    entries: list[Entry] = []
    for index in range(draw(st.integers(1, 3))):
        message = UserMessage(text="Hi", client_message_id=f"m{index}")
        entries.append(entry(len(entries) + 1, message, log=log, run=None))
        for event in draw(runs()):
            entries.append(entry(len(entries) + 1, event, log=log, run=f"r{index}"))
    return entries
