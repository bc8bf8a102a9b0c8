"""Why a connection ends, and whether to come back.

The client's copy of this table is generated from it.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class ComeBack(enum.Enum):
    """What a client does after a close."""

    AT_ONCE = "at_once"  # nothing is wrong; resume
    AFTER_DELAY = "after_delay"  # as long as the server said, then resume
    BACK_OFF = "back_off"  # full jitter, growing
    LOG_IN = "log_in"  # a person has to act first
    RELOAD = "reload"  # this program is too old or too new
    NEVER = "never"  # the same would happen again


class CloseCode(enum.IntEnum):
    """The codes that this side sends; RFC 6455, section 7.4, has the ranges."""

    MOVING = 1001
    TOO_LARGE = 1009
    BUG = 1011
    BUSY = 1013
    BAD_MESSAGE = 4400
    AUTHENTICATE = 4401
    FORBIDDEN = 4403
    TIMEOUT = 4408
    TOO_MANY_CONNECTIONS = 4409
    SESSION_ENDED = 4410
    BEHIND = 4413
    VERSION = 4426
    RATE = 4429
    TOO_MANY_FAILURES = 4500
    UNAVAILABLE = 4503


class CloseRule(NamedTuple):
    """One row of the table: what it means, and what the client does."""

    come_back: ComeBack
    meaning: str


CLOSE_RULES: dict[CloseCode, CloseRule] = {
    CloseCode.MOVING: CloseRule(
        ComeBack.AFTER_DELAY, "the server is moving; nothing is lost"
    ),
    CloseCode.TOO_LARGE: CloseRule(
        ComeBack.BACK_OFF, "a frame was larger than the limit"
    ),
    CloseCode.BUG: CloseRule(
        ComeBack.BACK_OFF, "the server has a bug, and its operators know"
    ),
    CloseCode.BUSY: CloseRule(ComeBack.AFTER_DELAY, "the server is full for now"),
    CloseCode.BAD_MESSAGE: CloseRule(
        ComeBack.NEVER, "what came before the welcome was no hello"
    ),
    CloseCode.AUTHENTICATE: CloseRule(
        ComeBack.LOG_IN, "nobody is logged in, or a login has run out"
    ),
    CloseCode.FORBIDDEN: CloseRule(ComeBack.NEVER, "this user may not do that"),
    CloseCode.TIMEOUT: CloseRule(
        ComeBack.AT_ONCE, "the other side was silent for too long"
    ),
    CloseCode.TOO_MANY_CONNECTIONS: CloseRule(
        ComeBack.NEVER, "this user has too many connections; the oldest made way"
    ),
    CloseCode.SESSION_ENDED: CloseRule(ComeBack.LOG_IN, "the session was ended"),
    CloseCode.BEHIND: CloseRule(
        ComeBack.AT_ONCE, "this reader is too slow; it resumes and misses nothing"
    ),
    CloseCode.VERSION: CloseRule(
        ComeBack.RELOAD, "the two sides speak different versions"
    ),
    CloseCode.RATE: CloseRule(ComeBack.AFTER_DELAY, "too many frames"),
    CloseCode.TOO_MANY_FAILURES: CloseRule(
        ComeBack.BACK_OFF, "too many requests of this connection failed"
    ),
    CloseCode.UNAVAILABLE: CloseRule(
        ComeBack.AFTER_DELAY, "something that the server needs is down"
    ),
}

# Codes that come from elsewhere (the network, other servers) mean: lost.
COME_BACK_BY_DEFAULT = ComeBack.BACK_OFF
