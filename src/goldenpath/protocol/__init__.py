"""The protocol: events, frames, and what follows from them. Pure.

No socket, task, clock, dice or logging: values in, values out, time as ``now``.
"""

from goldenpath.protocol._close_codes import CLOSE_RULES, CloseCode, ComeBack
from goldenpath.protocol._codec import (
    SUBPROTOCOL,
    decode_client_frame,
    decode_server_frame,
    encode_frame,
)
from goldenpath.protocol._cursor import Cursor, thread_log, user_log
from goldenpath.protocol._entries import Entry, Hint, Page
from goldenpath.protocol._events import (
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    InputReceived,
    InputRequested,
    RunEnded,
    RunQueued,
    RunStarted,
    SessionRevoked,
    TextDelta,
    ThreadCreated,
    ThreadDeleted,
    ThreadRenamed,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
    Unreadable,
    UserMessage,
)
from goldenpath.protocol._frames import (
    EventFrame,
    Person,
    Result,
    Snapshot,
    ThreadSummary,
    Welcome,
)
from goldenpath.protocol._replica import Applied, Replica
from goldenpath.protocol._transcript import Transcript

__all__ = [
    "CLOSE_RULES",
    "SUBPROTOCOL",
    "AgentCancelled",
    "AgentCompleted",
    "AgentFailed",
    "AgentInterrupted",
    "AgentStarted",
    "AgentThinking",
    "Applied",
    "CloseCode",
    "ComeBack",
    "Cursor",
    "Entry",
    "EventFrame",
    "Hint",
    "InputReceived",
    "InputRequested",
    "Page",
    "Person",
    "Replica",
    "Result",
    "RunEnded",
    "RunQueued",
    "RunStarted",
    "SessionRevoked",
    "Snapshot",
    "TextDelta",
    "ThreadCreated",
    "ThreadDeleted",
    "ThreadRenamed",
    "ThreadSummary",
    "ToolCompleted",
    "ToolExecuting",
    "ToolProgress",
    "Transcript",
    "Unreadable",
    "UserMessage",
    "Welcome",
    "decode_client_frame",
    "decode_server_frame",
    "encode_frame",
    "thread_log",
    "user_log",
]
