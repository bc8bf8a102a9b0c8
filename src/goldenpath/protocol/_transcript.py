"""What a thread shows: a fold over its events.

The TypeScript client has the same fold; ``tests/vectors/transcript.json`` holds
what both must give.

Rule 1: the fold never fails. What it does not know or cannot place, it ignores.
Rule 2: a delta that overlaps what is held is cut by ``offset``. A part remembers
        where its block ends, because the text that is held may lack its beginning
        (a snapshot has the newest events only) or an unreadable piece.
"""

from __future__ import annotations

from typing import Any

import msgspec

from goldenpath.protocol._events import (
    RUN_ENDS,
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    AnyEvent,
    InputReceived,
    InputRequested,
    RunEvent,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
    UserMessage,
    utf16_length,
)
from goldenpath.protocol._frames import EventFrame


class TextPart(msgspec.Struct, kw_only=True, tag_field="kind", tag="text"):
    """A stretch of the answer; ``end`` is its end in UTF-16 code units."""

    block: int
    text: str = ""
    end: int = 0


class ThinkingPart(msgspec.Struct, kw_only=True, tag_field="kind", tag="thinking"):
    """A stretch of reasoning; ``end`` is its end in UTF-16 code units."""

    block: int
    text: str = ""
    end: int = 0


class ToolPart(msgspec.Struct, kw_only=True, tag_field="kind", tag="tool"):
    """A tool call; ``state`` is running, completed, failed or stopped."""

    call: str
    name: str
    arguments: Any = None
    state: str = "running"
    fraction: float | None = None
    progress: str = ""
    result: Any = None
    error: str | None = None
    duration: float | None = None
    cut_from: int | None = None


class QuestionPart(msgspec.Struct, kw_only=True, tag_field="kind", tag="question"):
    """A question to the person; ``state`` is open, answered or stopped."""

    call: str
    question: str
    choices: tuple[str, ...] = ()
    state: str = "open"
    value: Any = None


Part = TextPart | ThinkingPart | ToolPart | QuestionPart


class MessageItem(msgspec.Struct, kw_only=True, tag_field="kind", tag="message"):
    """A person's message."""

    number: int
    time: float
    text: str
    client_message_id: str
    device: str = ""


class RunItem(msgspec.Struct, kw_only=True, tag_field="kind", tag="run"):
    """An answer; ``state`` is running, or the state in which the run ended."""

    run: str
    agent: str = ""
    note: str = ""
    message: int = 0
    state: str = "running"
    parts: list[Part] = []
    error: str = ""
    retryable: bool = False
    reference: str = ""
    duration: float | None = None
    usage: dict[str, int] = {}


Item = MessageItem | RunItem


class Transcript:
    """Messages and answers in the order of the log."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._runs: dict[str, RunItem] = {}

    def apply(self, frame: EventFrame) -> None:
        """Take in the next event."""
        self.add(frame.event, number=frame.number, time=frame.time, run=frame.run)

    def add(
        self, event: AnyEvent, *, number: int, time: float, run: str | None
    ) -> None:
        """Take in the next event, given by its parts."""
        if isinstance(event, UserMessage):
            self.items.append(
                MessageItem(
                    number=number,
                    time=time,
                    text=event.text,
                    client_message_id=event.client_message_id,
                    device=event.device,
                )
            )
        elif run is not None and isinstance(event, RunEvent):
            _grow(self._run(run), event)

    def as_json(self) -> bytes:
        """Return the transcript's bytes, for comparing two of them."""
        return msgspec.json.encode(self.items)

    def text_of(self, run: str) -> str:
        """Return the answer of a run so far."""
        item = self._runs.get(run)
        return "" if item is None else answer_text(item)

    def state_of(self, run: str) -> str | None:
        """Return a run's state, or None if nothing of it was seen."""
        item = self._runs.get(run)
        return None if item is None else item.state

    def open_question(self, run: str) -> str | None:
        """Return the call of a run's question that waits for an answer."""
        item = self._runs.get(run)
        for part in item.parts if item is not None else ():
            if isinstance(part, QuestionPart) and part.state == "open":
                return part.call
        return None

    def _run(self, run: str) -> RunItem:
        item = self._runs.get(run)
        if item is None:
            item = self._runs[run] = RunItem(run=run)
            self.items.append(item)
        return item


def answer_text(item: RunItem) -> str:
    """Return all text of an answer, without thinking and tools."""
    return "".join(part.text for part in item.parts if isinstance(part, TextPart))


def _grow(item: RunItem, event: AnyEvent) -> None:
    match event:
        case TextDelta():
            _extend(item, TextPart, event)
        case AgentThinking():
            _extend(item, ThinkingPart, event)
        case AgentStarted():
            item.agent, item.note = event.agent, event.note
            item.message = event.message
        case ToolExecuting():
            item.parts.append(
                ToolPart(call=event.call, name=event.name, arguments=event.arguments)
            )
        case InputRequested():
            item.parts.append(
                QuestionPart(
                    call=event.call, question=event.question, choices=event.choices
                )
            )
        case ToolProgress() | ToolCompleted() | InputReceived():
            _advance_call(item, event)
        case _:
            _end(item, event)


def _extend(
    item: RunItem,
    kind: type[TextPart | ThinkingPart],
    event: TextDelta | AgentThinking,
) -> None:
    end = event.offset + utf16_length(event.text)
    for part in reversed(item.parts):
        if isinstance(part, kind) and part.block == event.block:
            part.text += cut_utf16(event.text, max(0, part.end - event.offset))
            part.end = max(part.end, end)
            return
    item.parts.append(kind(block=event.block, text=event.text, end=end))


def cut_utf16(text: str, units: int) -> str:
    """Return a text without its first UTF-16 code units."""
    if units == 0:
        return text
    if text.isascii():
        return text[units:]
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[units * 2 :].decode("utf-16-le", "replace")


def _advance_call(
    item: RunItem, event: ToolProgress | ToolCompleted | InputReceived
) -> None:
    for part in item.parts:
        if isinstance(part, TextPart | ThinkingPart) or part.call != event.call:
            continue
        if isinstance(event, ToolProgress) and isinstance(part, ToolPart):
            part.fraction = event.fraction
            part.progress = event.text
        elif isinstance(event, ToolCompleted) and isinstance(part, ToolPart):
            part.state = "failed" if event.error is not None else "completed"
            part.result, part.error = event.result, event.error
            part.duration, part.cut_from = event.duration, event.cut_from
        elif isinstance(event, InputReceived) and isinstance(part, QuestionPart):
            part.state, part.value = "answered", event.value


def _end(item: RunItem, event: AnyEvent) -> None:
    item.state = RUN_ENDS[type(event)]
    if isinstance(event, AgentCompleted):
        item.duration, item.usage = event.duration, event.usage
    else:
        item.error = getattr(event, "text", "")
        item.retryable = getattr(event, "retryable", False)
    if isinstance(event, AgentFailed):
        item.reference = event.reference
    if isinstance(event, AgentCancelled | AgentInterrupted) and event.message:
        item.message = event.message
    for part in item.parts:
        if isinstance(part, TextPart | ThinkingPart):
            continue
        if part.state in ("running", "open"):
            part.state = "stopped"
