"""How often something may happen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


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


class Budgets:
    """Token buckets of many, by key, that allow refunds: one number each.

    The number is when a bucket will be full again, so that a full one need not be
    kept and nothing has to be refilled. The least recently used are forgotten first.
    :class:`TokenBucket` is for one connection, which never gets a frame back.

    Args:
        burst: Tokens that there are at most, and at first.
        refill_every: Seconds until one comes back.
        most: Keys that are kept in mind.
    """

    def __init__(self, burst: int, refill_every: float, most: int) -> None:
        self._burst = burst
        self._every = refill_every
        self._most = most
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, key: Hashable, *, now: float) -> float:
        """Return the seconds until one can be spent."""
        return max(0.0, self._until_full(key, now) - (self._burst - 1) * self._every)

    def spend(self, key: Hashable, *, now: float) -> None:
        """Take one, whether there is one or not."""
        self._full_at[key] = now + self._until_full(key, now) + self._every
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)

    def give_back(self, key: Hashable, *, now: float) -> None:
        """Undo one :meth:`spend`."""
        left = self._until_full(key, now) - self._every
        if left > 0.0:
            self._full_at[key] = now + left
        else:
            self._full_at.pop(key, None)

    def forget(self, key: Hashable) -> None:
        """Fill a bucket."""
        self._full_at.pop(key, None)

    def _until_full(self, key: Hashable, now: float) -> float:
        # Never longer than from empty, also after the clock was set back.
        left = self._full_at.get(key, now) - now
        return min(max(0.0, left), self._burst * self._every)
