"""The life of one accepted connection, as a table.

Rule 1: every state and every transition is in this file.
Rule 2: nothing here waits, reads a clock or opens a socket. Time comes in as
        ``now``; what has to happen goes out as effects.
Rule 3: the first reason to close wins.

Refusals before the accept are not here: without an accept there is no connection.
"""

from __future__ import annotations

import enum
import math

from goldenpath.errors import LocalProtocolError
from goldenpath.protocol._close_codes import CloseCode


class State(enum.Enum):
    """Where a connection stands."""

    GREETING = "greeting"  # accepted; nobody has said hello
    IDENTIFYING = "identifying"  # hello came; who is it?
    REPLAYING = "replaying"  # known; the logs are being read for the welcome
    OPEN = "open"  # welcome is queued; events pass
    DRAINING = "draining"  # still open, and asked to leave
    CLOSING = "closing"  # a close is decided; it is being sent
    CLOSED = "closed"  # final


class Signal(enum.Enum):
    """Something that happened to a connection."""

    GREETED = "greeted"
    IDENTIFIED = "identified"
    WELCOMED = "welcomed"
    DRAIN = "drain"
    CLOSE = "close"
    LOST = "lost"


class Effect(enum.Enum):
    """Something that the caller has to do."""

    PING = "ping"
    ASK_TO_LEAVE = "ask to leave"  # by Lifecycle.leave_by; reason: leaves_for_age
    CLOSE = "close"  # with Lifecycle.close_code
    ABORT = "abort"  # the close itself took too long


_CLOSE = (Effect.CLOSE,)

# LOST is possible everywhere and always means the same: nothing is left to do.
# DRAIN before the welcome closes: such a client has nothing to carry over.
TRANSITIONS: dict[State, dict[Signal, tuple[State, tuple[Effect, ...]]]] = {
    State.GREETING: {
        Signal.GREETED: (State.IDENTIFYING, ()),
        Signal.DRAIN: (State.CLOSING, _CLOSE),
        Signal.CLOSE: (State.CLOSING, _CLOSE),
        Signal.LOST: (State.CLOSED, ()),
    },
    State.IDENTIFYING: {
        Signal.IDENTIFIED: (State.REPLAYING, ()),
        Signal.DRAIN: (State.CLOSING, _CLOSE),
        Signal.CLOSE: (State.CLOSING, _CLOSE),
        Signal.LOST: (State.CLOSED, ()),
    },
    State.REPLAYING: {
        Signal.WELCOMED: (State.OPEN, ()),
        Signal.DRAIN: (State.CLOSING, _CLOSE),
        Signal.CLOSE: (State.CLOSING, _CLOSE),
        Signal.LOST: (State.CLOSED, ()),
    },
    State.OPEN: {
        Signal.DRAIN: (State.DRAINING, (Effect.ASK_TO_LEAVE,)),
        Signal.CLOSE: (State.CLOSING, _CLOSE),
        Signal.LOST: (State.CLOSED, ()),
    },
    State.DRAINING: {
        Signal.DRAIN: (State.DRAINING, ()),
        Signal.CLOSE: (State.CLOSING, _CLOSE),
        Signal.LOST: (State.CLOSED, ()),
    },
    State.CLOSING: {
        Signal.DRAIN: (State.CLOSING, ()),
        Signal.CLOSE: (State.CLOSING, ()),
        Signal.LOST: (State.CLOSED, ()),
    },
    State.CLOSED: {
        Signal.DRAIN: (State.CLOSED, ()),
        Signal.CLOSE: (State.CLOSED, ()),
        Signal.LOST: (State.CLOSED, ()),
    },
}


class Lifecycle:
    """Decide what happens next to one connection.

    Args:
        now: Seconds on any clock that never goes back.
        hello_within: Seconds for the hello.
        authenticated_within: Seconds to find out who it is.
        welcome_within: Seconds to read what the welcome needs.
        ping_every: Seconds between pings while open.
        silent_after: Seconds without anything heard after which it is lost.
        drain_within: Seconds to leave after being asked to.
        close_within: Seconds for the close itself.
        rotate_after: Seconds after which an open connection is asked to leave
            because of its age; infinite for never.
        rotate_within: And has then to leave within.

    Attributes:
        state: Where the connection stands.
        close_code: Why it closes, once that is decided.
        leave_by: When a draining connection is closed, on the clock of ``now``.
        leaves_for_age: Whether it drains because of its age, and not of a stop.
    """

    def __init__(
        self,
        *,
        now: float,
        hello_within: float,
        authenticated_within: float,
        welcome_within: float,
        ping_every: float,
        silent_after: float,
        drain_within: float,
        close_within: float = 2.0,
        rotate_after: float = math.inf,
        rotate_within: float = 0.0,
    ) -> None:
        self.state = State.GREETING
        self.close_code: CloseCode | None = None
        self.leave_by = math.inf
        self.leaves_for_age = False
        self._within = {
            State.GREETING: hello_within,
            State.IDENTIFYING: authenticated_within,
            State.REPLAYING: welcome_within,
            State.CLOSING: close_within,
        }
        self._drain_within = drain_within
        self._rotate_at = now + rotate_after
        self._rotate_within = rotate_within
        self._ping_every = ping_every
        self._silent_after = silent_after
        self._entered_at = now
        self._heard_at = now
        self._ping_at = now + ping_every

    @property
    def is_welcomed(self) -> bool:
        """Whether frames may be sent to it."""
        return self.state in (State.OPEN, State.DRAINING)

    @property
    def is_over(self) -> bool:
        """Whether a close is decided or done."""
        return self.state in (State.CLOSING, State.CLOSED)

    def heard(self, *, now: float) -> None:
        """Note that the peer sent something; anything counts."""
        self._heard_at = now

    def stood_still(self, seconds: float) -> None:
        """Note that this side did nothing for a while: the peer was asked nothing."""
        self._heard_at += seconds

    def handle(self, signal: Signal, *, now: float) -> tuple[Effect, ...]:
        """Move to the next state and return what has to be done.

        Raises:
            LocalProtocolError: The current state has no such transition.
        """
        try:
            state, effects = TRANSITIONS[self.state][signal]
        except KeyError:
            raise LocalProtocolError(
                f"{signal.value!r} cannot happen while {self.state.value}"
            ) from None
        if signal is Signal.DRAIN and state is State.CLOSING and effects:
            self.close_code = CloseCode.MOVING
        if signal is Signal.DRAIN and state is State.DRAINING:
            # A stop leaves less time than an age does, and comes second if it must.
            self.leave_by = min(self.leave_by, now + self._drain_within)
        if state is not self.state:
            self.state = state
            self._entered_at = now
            # A hello that took its time must not count as silence.
            self._heard_at = max(self._heard_at, now)
            self._ping_at = now + self._ping_every
        return effects

    def close(self, code: CloseCode, *, now: float) -> tuple[Effect, ...]:
        """Decide to close; the first decision stands."""
        if not self.is_over:
            self.close_code = code
        return self.handle(Signal.CLOSE, now=now)

    def deadline(self) -> float | None:
        """Return when to call :meth:`tick` next, or None if never."""
        if self.state is State.CLOSED:
            return None
        if self.state is State.OPEN:
            silent_at = self._heard_at + self._silent_after
            return min(self._ping_at, silent_at, self._rotate_at)
        if self.state is State.DRAINING:
            return self.leave_by
        return self._entered_at + self._within[self.state]

    def tick(self, *, now: float) -> tuple[Effect, ...]:
        """Let time pass."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return ()
        match self.state:
            case State.OPEN if now >= self._heard_at + self._silent_after:
                return self.close(CloseCode.TIMEOUT, now=now)
            case State.OPEN if now >= self._rotate_at:
                effects = self.handle(Signal.DRAIN, now=now)
                self.leaves_for_age = True
                self.leave_by = now + self._rotate_within
                return effects
            case State.OPEN:
                self._ping_at = now + self._ping_every
                return (Effect.PING,)
            case State.GREETING:
                return self.close(CloseCode.TIMEOUT, now=now)
            case State.IDENTIFYING | State.REPLAYING:
                return self.close(CloseCode.UNAVAILABLE, now=now)
            case State.DRAINING:
                return self.close(CloseCode.MOVING, now=now)
            case _:
                # The peer does not answer the close: what is left is not worth it.
                self.handle(Signal.LOST, now=now)
                return (Effect.ABORT,)
