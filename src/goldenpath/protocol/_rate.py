"""How often something may happen."""

from __future__ import annotations


class TokenBucket:
    """A rate with room for bursts.

    Args:
        rate: Tokens that come back in a second.
        burst: Tokens that there are at most, and at first.
        now: Seconds on any clock that never goes back.
    """

    __slots__ = ("_burst", "_left", "_rate", "_since")

    def __init__(self, *, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._since = now

    def take(self, *, now: float) -> float:
        """Take a token and return 0.0, or return the seconds until there is one."""
        self._refill(now)
        if self._left >= 1.0:
            self._left -= 1.0
            return 0.0
        return (1.0 - self._left) / self._rate

    def _refill(self, now: float) -> None:
        elapsed = max(0.0, now - self._since)
        self._left = min(self._burst, self._left + elapsed * self._rate)
        self._since = now
