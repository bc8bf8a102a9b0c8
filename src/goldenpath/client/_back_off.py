"""Whether a client comes back after a close, and when."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol._close_codes import (
    CLOSE_RULES,
    COME_BACK_BY_DEFAULT,
    CloseCode,
    CloseRule,
    ComeBack,
)

_FIRST = 0.25
# Two to the power of this many failures is beyond every cap, and still a float.
_MOST_FAILURES = 16
# A connection that lasted so long was a good one; losing it is no repeated failure.
GOOD_AFTER = 5.0
_RETRY_AFTER = re.compile(r"retry_after=(\d+(?:\.\d+)?)", re.ASCII)
_LOST = CloseRule(COME_BACK_BY_DEFAULT, "the connection was lost")


def farewell(code: int) -> AuthError | RefusedError | None:
    """Return why a client must not come back after this close, or None if it may."""
    rule = _rule(code)
    match rule.come_back:
        case ComeBack.LOG_IN:
            return AuthError(rule.meaning)
        case ComeBack.NEVER | ComeBack.RELOAD:
            return RefusedError(str(int(code)), rule.meaning)
        case _:
            return None


class BackOff:
    """Full jitter, growing with each failure, capped.

    Args:
        most: Most seconds between two attempts, unless the server asks for more.
        uniform: Draws a number between two others.
    """

    def __init__(
        self, *, most: float, uniform: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._most = most
        self._uniform = uniform
        self._failures = 0

    def delay(self, code: int, reason: str, *, lasted: float) -> float:
        """Return the seconds to wait after a close that lets the client come back.

        Args:
            code: The close code.
            reason: The close reason; the server may name a time in it.
            lasted: How long the connection was welcome, in seconds.
        """
        was_good = lasted >= GOOD_AFTER
        if was_good:
            self._failures = 0
        told = _RETRY_AFTER.match(reason)
        if told is not None:
            # Spread, so that not everybody comes at once.
            asked = float(told.group(1))
            return asked + self._uniform(0.0, min(1.0, asked))
        # Coming back at once, again and again, would be an attack.
        if was_good and _rule(code).come_back is ComeBack.AT_ONCE:
            return 0.0
        most = min(self._most, _FIRST * 2**self._failures)
        self._failures = min(self._failures + 1, _MOST_FAILURES)
        return self._uniform(0.0, most)


def _rule(code: int) -> CloseRule:
    try:
        return CLOSE_RULES[CloseCode(code)]
    except ValueError:
        return _LOST
