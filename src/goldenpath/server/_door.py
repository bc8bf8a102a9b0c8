"""Who is inside: counts by address those that are no WebSocket yet."""

from __future__ import annotations

from collections import Counter

from goldenpath.server._limits import Limits


class Door:
    """Shared by all connections of one server.

    Args:
        limits: How many may come.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._waiting: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count a connection; tell whether its address may have so many."""
        self._waiting[address] += 1
        return self._waiting[address] <= self.limits.waiting_per_address

    def leave(self, address: str) -> None:
        """Stop counting it: it became a WebSocket, or is gone."""
        self._waiting[address] -= 1
        if self._waiting[address] <= 0:
            del self._waiting[address]
