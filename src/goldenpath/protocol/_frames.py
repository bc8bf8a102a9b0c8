"""The frames: what one peer sends to the other, typed.

Rule 1: every frame is a JSON object whose ``frame`` field says its kind.
Rule 2: unknown fields are ignored by both sides; a client ignores unknown kinds,
        the server answers them with ``error``.
Rule 3: who somebody is never stands in a frame, except as a ticket.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from goldenpath.protocol._cursor import Cursor, Name, Number
from goldenpath.protocol._events import AnyEvent

Detail = Literal["all", "summary"]
RequestId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
# Of one connection: each costs memory, and stands in every ping.
FOLLOWED_THREADS = 512
# Of these, as many as a hello may name; a client subscribes to the others.
HELLO_THREADS = 64


class ClientFrame(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="frame", omit_defaults=True
):
    """What a client sends."""


class Hello(ClientFrame, frozen=True, tag="hello"):
    """The first frame: who is there, and what they have seen.

    Attributes:
        device: The device's own name for itself, kept by it.
        ticket: Proof of identity where there is no cookie or header.
        threads: The threads on its screen.
        cursors: Where it stands, by log: its user log and those threads.
        previous: The connection that this one replaces.
    """

    device: Name
    ticket: Annotated[str, msgspec.Meta(max_length=256)] | None = None
    threads: Annotated[tuple[Name, ...], msgspec.Meta(max_length=HELLO_THREADS)] = ()
    cursors: Annotated[
        dict[str, Cursor], msgspec.Meta(max_length=HELLO_THREADS + 1)
    ] = {}
    previous: Name | None = None


class Subscribe(ClientFrame, frozen=True, tag="subscribe"):
    """A thread comes on the screen, or is followed from afar.

    Attributes:
        id: Names the request.
        thread: Which thread.
        cursor: Where the device stands in its log; without one, a snapshot comes.
        detail: With ``summary`` the thread sends no events.
    """

    id: RequestId
    thread: Name
    cursor: Cursor | None = None
    detail: Detail = "all"


class Unsubscribe(ClientFrame, frozen=True, tag="unsubscribe"):
    """A thread leaves the screen.

    Attributes:
        id: Names the request.
        thread: Which thread.
    """

    id: RequestId
    thread: Name


class Send(ClientFrame, frozen=True, tag="send"):
    """A person's message.

    Attributes:
        id: Names the request.
        client_message_id: Names the message, for ever: sending it again with the
            same name gives the same result and does nothing else.
        text: What they wrote.
        thread: Where; without it a new thread is made.
    """

    id: RequestId
    client_message_id: Name
    text: Annotated[str, msgspec.Meta(min_length=1)]
    thread: Name | None = None


class Cancel(ClientFrame, frozen=True, tag="cancel"):
    """Stop a run, queued or under way, by its id or by the message that it answers.

    Attributes:
        id: Names the request.
        run: Which run.
        client_message_id: Or the message, where the run is not known yet.
    """

    id: RequestId
    run: Name | None = None
    client_message_id: Name | None = None


class Retry(ClientFrame, frozen=True, tag="retry"):
    """Run again the message of a run that did not complete.

    Attributes:
        id: Names the request.
        run: The run that did not complete.
    """

    id: RequestId
    run: Name


class Answer(ClientFrame, frozen=True, tag="answer"):
    """A person's answer to ``input_requested``.

    Attributes:
        id: Names the request.
        run: The run that asks.
        call: Which of its questions.
        value: The answer, as JSON.
    """

    id: RequestId
    run: Name
    call: Name
    value: Any


class Authenticate(ClientFrame, frozen=True, tag="authenticate"):
    """Go on beyond the end of a session with a ticket of a newer one.

    Attributes:
        id: Names the request.
        ticket: Proof of the same user.
    """

    id: RequestId
    ticket: Annotated[str, msgspec.Meta(max_length=256)]


class Acknowledge(ClientFrame, frozen=True, tag="acknowledge"):
    """How far a device has applied what it was sent.

    Attributes:
        cursors: Where it stands, by log.
    """

    cursors: Annotated[dict[str, Cursor], msgspec.Meta(max_length=FOLLOWED_THREADS + 1)]


class Resume(ClientFrame, frozen=True, tag="resume"):
    """Read one log again after a cursor, because something is missing.

    Attributes:
        log: Which log.
        cursor: Where the device stands; without one, a snapshot comes.
    """

    log: Annotated[str, msgspec.Meta(max_length=160)]
    cursor: Cursor | None = None


class Pong(ClientFrame, frozen=True, tag="pong"):
    """The answer to ``ping``."""


AnyClientFrame = (
    Hello
    | Subscribe
    | Unsubscribe
    | Send
    | Cancel
    | Retry
    | Answer
    | Authenticate
    | Acknowledge
    | Resume
    | Pong
)


class ServerFrame(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="frame", omit_defaults=True
):
    """What the server sends."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a client must keep to.

    Attributes:
        frame_bytes: Largest frame.
        message_bytes: Largest text of a person's message, in UTF-8.
        frames_per_second: Sustained rate of frames.
        frames_burst: How many may come at once.
    """

    frame_bytes: int
    message_bytes: int
    frames_per_second: float
    frames_burst: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who the server takes the client for.

    Attributes:
        id: The user.
        name: What to call them.
    """

    id: str
    name: str


class Welcome(ServerFrame, frozen=True, tag="welcome"):
    """The connection is ready; nothing is sent before it.

    Attributes:
        connection: This connection's name.
        user: Who the server takes the client for.
        log: The name of their user log.
        cursors: The head of each log that follows, as it was read.
        heartbeat_every: Mean seconds between pings.
        silent_after: Seconds of silence after which the server gives up.
        limits: What the client must keep to.
        expires_in: Seconds until the session ends.
        server_time: Seconds since 1970.
    """

    connection: str
    user: Person
    log: str
    cursors: dict[str, Cursor]
    heartbeat_every: float
    silent_after: float
    limits: Limits
    expires_in: float
    server_time: float


class EventFrame(ServerFrame, frozen=True, tag="event"):
    """One event in its place.

    Attributes:
        log: Which log.
        epoch: The log's epoch.
        incarnation: The start of the store that wrote the entry.
        number: The entry's number, or the last that it covers.
        time: When the event was made, in seconds since 1970.
        event: The event.
        first: The first number that it covers; without it, ``number``.
        run: The run that the event belongs to, if any.
    """

    log: str
    epoch: str
    incarnation: str
    number: Number
    time: float
    event: AnyEvent
    first: Number | None = None
    run: str | None = None


class ThreadSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A thread, as a list of threads shows it.

    Attributes:
        id: The thread.
        title: Its title.
        created_at: Seconds since 1970.
        updated_at: The same, of the last message.
        is_running: Whether a run is queued or under way.
    """

    id: str
    title: str
    created_at: float
    updated_at: float
    is_running: bool = False


class SnapshotState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What replaces a device's state.

    Attributes:
        events: A thread's newest events; folding them gives its transcript.
        before: There are older ones, before this number, to page over HTTP.
        threads: A user's newest threads, for a user log.
        more: Whether there are more threads than that.
    """

    events: tuple[EventFrame, ...] = ()
    before: Number | None = None
    threads: tuple[ThreadSummary, ...] = ()
    more: bool = False


Why = Literal["new", "epoch", "behind"]


class Snapshot(ServerFrame, frozen=True, tag="snapshot"):
    """State that replaces the device's state of one log.

    Attributes:
        log: Which log.
        cursor: Where the device stands afterwards.
        why: It had no cursor, its history is no more, or it was too far behind.
        state: The state.
    """

    log: str
    cursor: Cursor
    why: Why
    state: SnapshotState


class Live(ServerFrame, frozen=True, tag="live"):
    """Replay is done: from here on events come as they happen.

    Attributes:
        log: Which log.
        epoch: The log's epoch.
        incarnation: The start of the store that wrote its last entry.
        number: The last number that was sent.
    """

    log: str
    epoch: str
    incarnation: str
    number: Number


class Result(ServerFrame, frozen=True, tag="result"):
    """The answer to one request.

    Attributes:
        id: Which request.
        thread: For ``send`` and ``retry``: where the message is.
        run: The run that answers it.
        number: The message's number in the thread's log.
        client_message_id: The message's name.
        expires_in: For ``authenticate``: seconds until the session ends.
    """

    id: str
    thread: str | None = None
    run: str | None = None
    number: Number | None = None
    client_message_id: str | None = None
    expires_in: float | None = None


class ErrorFrame(ServerFrame, frozen=True, tag="error"):
    """A request was refused, or a frame could not be read.

    Attributes:
        code: Why, as a word.
        message: Why, for people.
        id: Which request, if it could be read.
        retryable: Whether the same request may succeed later.
        retry_after: Seconds to wait before that.
        reference: What to look for in the server's own log.
    """

    code: str
    message: str
    id: str | None = None
    retryable: bool = False
    retry_after: float | None = None
    reference: str | None = None


class Ping(ServerFrame, frozen=True, tag="ping"):
    """Are you there? With what finds a last event that was lost.

    Attributes:
        heads: The last entry of each log that the connection reads.
    """

    heads: dict[str, Cursor]


class Draining(ServerFrame, frozen=True, tag="draining"):
    """Open your new connection before you leave this one.

    Attributes:
        within: Seconds until this one is closed.
        reconnect_after: Seconds to wait before opening the new one.
        reason: Why.
    """

    within: float
    reconnect_after: float
    reason: Literal["deploy", "age"]


class Expiring(ServerFrame, frozen=True, tag="expiring"):
    """The session ends soon; authenticate to stay.

    Attributes:
        within: Seconds until it ends.
    """

    within: float


class Revoked(ServerFrame, frozen=True, tag="revoked"):
    """A log may no longer be read.

    Attributes:
        log: Which log.
    """

    log: str


AnyServerFrame = (
    Welcome
    | EventFrame
    | Snapshot
    | Live
    | Result
    | ErrorFrame
    | Ping
    | Draining
    | Expiring
    | Revoked
)
