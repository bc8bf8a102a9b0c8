"""The events: what a log holds, typed.

Rule 1: a type's name is the same word in Python, on the wire, in TypeScript,
        in logs and in metrics; the TypeScript copy is generated from here.
Rule 2: a reader ignores types that it does not know.
Rule 3: the first and the last event of a run are written by the manager.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    omit_defaults=True,
):
    """An entry of a log. Its class says its type, its fields are its data."""


class UserMessage(Event, frozen=True, tag="user_message"):
    """A person's message is in the log.

    Attributes:
        text: What they wrote.
        client_message_id: The name that their device gave it.
        device: Which of their devices.
    """

    text: str
    client_message_id: str
    device: str = ""


class AgentStarted(Event, frozen=True, tag="agent_started"):
    """A run began.

    Attributes:
        agent: The agent's name, for the person.
        message: Number of the message that it answers.
        note: What a person should know of this agent before believing it.
    """

    agent: str
    message: int
    note: str = ""


class AgentThinking(Event, frozen=True, tag="agent_thinking"):
    """Reasoning worth showing.

    Attributes:
        text: A piece of it.
        block: Which stretch of thinking it belongs to, from 0.
        offset: Where in the block the piece begins, in UTF-16 code units.
    """

    text: str
    block: int = 0
    offset: int = 0


class TextDelta(Event, frozen=True, tag="text_delta"):
    """A piece of the answer.

    Attributes:
        text: The piece; never half a code point.
        block: Which stretch of text it belongs to, from 0; a tool call between
            two pieces begins a new one.
        offset: Where in the block the piece begins, in UTF-16 code units.
    """

    text: str
    block: int = 0
    offset: int = 0


class ToolExecuting(Event, frozen=True, tag="tool_executing"):
    """A tool call begins.

    Attributes:
        call: The call's name within the run.
        name: The tool's name.
        arguments: What it is called with, as JSON.
    """

    call: str
    name: str
    arguments: Any = None


class ToolProgress(Event, frozen=True, tag="tool_progress"):
    """How far a long tool call is.

    Attributes:
        call: Which call.
        fraction: From 0 to 1, if it can be told.
        text: What it is doing, for the person.
    """

    call: str
    fraction: float | None = None
    text: str = ""


class ToolCompleted(Event, frozen=True, tag="tool_completed"):
    """A tool call ended.

    Attributes:
        call: Which call.
        duration: Seconds that it took.
        result: What it gave, as JSON; a long one is cut.
        error: Why it failed; then there is no result.
        cut_from: Size of the whole result in bytes, if it was cut.
    """

    call: str
    duration: float
    result: Any = None
    error: str | None = None
    cut_from: int | None = None


class InputRequested(Event, frozen=True, tag="input_requested"):
    """The agent asks the person.

    Attributes:
        call: The question's name within the run.
        question: What it asks.
        choices: Answers to choose from; empty means free text.
    """

    call: str
    question: str
    choices: tuple[str, ...] = ()


class InputReceived(Event, frozen=True, tag="input_received"):
    """The person answered.

    Attributes:
        call: Which question.
        value: The answer, as JSON.
    """

    call: str
    value: Any = None


class AgentCompleted(Event, frozen=True, tag="agent_completed"):
    """The answer is whole.

    Attributes:
        text: All of it, unless it is longer than the limit.
        length: Its length in UTF-16 code units.
        sha256: Its hash (of UTF-8), present when the text is left out.
        duration: Seconds since the run began.
        usage: What the agent says it used, such as tokens by kind.
    """

    length: int
    duration: float
    text: str | None = None
    sha256: str | None = None
    usage: dict[str, int] = {}


class AgentFailed(Event, frozen=True, tag="agent_failed"):
    """The agent could not answer.

    Attributes:
        code: ``agent_error``, ``deadline``, ``order`` or ``unavailable``.
        text: What happened, for the person.
        retryable: Whether trying again makes sense.
        reference: What to look for in the server's own log.
    """

    code: str
    text: str
    retryable: bool
    reference: str = ""


class AgentCancelled(Event, frozen=True, tag="agent_cancelled"):
    """The person stopped the run.

    Attributes:
        text: What happened, for the person.
        retryable: Always true: the message can be run again.
        message: Number of the message; a run that never began says it nowhere else.
    """

    text: str = "Stopped"
    retryable: bool = True
    message: int = 0


class AgentInterrupted(Event, frozen=True, tag="agent_interrupted"):
    """The run lost the process that executed it.

    Attributes:
        text: What happened, for the person.
        retryable: Always true: the message can be run again.
        message: Number of the message; a run that never began says it nowhere else.
    """

    text: str = "Interrupted by a restart of the server"
    retryable: bool = True
    message: int = 0


class ThreadCreated(Event, frozen=True, tag="thread_created"):
    """User log: a thread of theirs came to be.

    Attributes:
        thread: Which thread.
        title: Its title.
    """

    thread: str
    title: str


class ThreadRenamed(Event, frozen=True, tag="thread_renamed"):
    """User log: a thread has a new title.

    Attributes:
        thread: Which thread.
        title: The new title.
    """

    thread: str
    title: str


class ThreadDeleted(Event, frozen=True, tag="thread_deleted"):
    """User log: a thread is gone.

    Attributes:
        thread: Which thread.
    """

    thread: str


class RunQueued(Event, frozen=True, tag="run_queued"):
    """User log: a run waits in a thread.

    Attributes:
        thread: Which thread.
        run: Which run.
    """

    thread: str
    run: str


class RunStarted(Event, frozen=True, tag="run_started"):
    """User log: a run began in a thread.

    Attributes:
        thread: Which thread.
        run: Which run.
    """

    thread: str
    run: str


class RunEnded(Event, frozen=True, tag="run_ended"):
    """User log: a run ended in a thread.

    Attributes:
        thread: Which thread.
        run: Which run.
        state: Completed, failed, cancelled or interrupted.
    """

    thread: str
    run: str
    state: str


class SessionRevoked(Event, frozen=True, tag="session_revoked"):
    """User log: a session of theirs ended before its time.

    Attributes:
        session: The session's public handle, never its secret.
    """

    session: str


class Unreadable(Event, frozen=True, tag="unreadable"):
    """What stands in for an event that cannot be decoded.

    Attributes:
        original: The type that it had, if that much could be read.
    """

    original: str = ""


# What belongs to a run, in the order in which they are usually met.
RunEvent = (
    AgentStarted
    | AgentThinking
    | TextDelta
    | ToolExecuting
    | ToolProgress
    | ToolCompleted
    | InputRequested
    | InputReceived
    | AgentCompleted
    | AgentFailed
    | AgentCancelled
    | AgentInterrupted
)

AnyEvent = (
    UserMessage
    | RunEvent
    | ThreadCreated
    | ThreadRenamed
    | ThreadDeleted
    | RunQueued
    | RunStarted
    | RunEnded
    | SessionRevoked
    | Unreadable
)

EVENT_TYPES: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in AnyEvent.__args__
}

# How a run's state follows from its last event.
RUN_ENDS: dict[type[Event], str] = {
    AgentCompleted: "completed",
    AgentFailed: "failed",
    AgentCancelled: "cancelled",
    AgentInterrupted: "interrupted",
}


def event_type(event: Event) -> str:
    """Return the wire's word for an event's type."""
    return str(type(event).__struct_config__.tag)


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units, as JavaScript counts."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)
