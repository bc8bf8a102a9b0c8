"""The connections that are open here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from goldenpath.protocol._close_codes import CloseCode

# An honest client says hello at once. What has not after so many seconds may make way;
# what is younger waits for this process, and would only come back to wait again.
_SILENT_AFTER = 2.0


class Registered(Protocol):
    """What the registry needs of a connection."""

    id: str

    @property
    def user(self) -> str:
        """Whose it is."""

    @property
    def session(self) -> str:
        """Handle of the session that it stands on."""

    def close(self, code: CloseCode, *, retry_after: float | None = None) -> None:
        """Decide to close it."""

    def drain(self, *, reconnect_after: float) -> None:
        """Ask its client to leave."""

    def check_heads(self) -> None:
        """Look soon whether a followed log has moved."""


class Registry:
    """Open connections, found by who they belong to.

    Each connection has a name of its own, and is removed by that name only: a late
    farewell of an old one cannot remove the new one that took its place.

    Args:
        per_user: Most connections of one user; the oldest beyond that is closed.
        greeting: Most connections that nobody has said hello on; beyond that the oldest
            is closed if it is silent.
    """

    def __init__(self, *, per_user: int, greeting: int) -> None:
        self._per_user = per_user
        self._most_greeting = greeting
        self._greeting: dict[str, tuple[Registered, float]] = {}
        self._by_user: dict[str, dict[str, Registered]] = {}
        self._known = 0
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._reconnect_after: Callable[[], float] | None = None

    def __len__(self) -> int:
        return self._known + len(self._greeting)

    def __iter__(self) -> Iterator[Registered]:
        """Walk over the connections whose users are known."""
        for connections in tuple(self._by_user.values()):
            yield from tuple(connections.values())

    def is_crowded(self, connections: int, *, now: float) -> bool:
        """Tell whether one more has to wait: too many greet, and none is silent.

        Args:
            connections: All there are, with those that are still at the gate.
            now: On the same clock as for :meth:`greet`.
        """
        if connections - self._known < self._most_greeting:
            return False
        return not self._is_oldest_silent(now)

    def greet(self, connection: Registered, *, now: float) -> None:
        """Add a connection of whoever it may be; it may cost a silent one its place."""
        self._greeting[connection.id] = (connection, now)
        self._is_empty.clear()
        if len(self._greeting) > self._most_greeting and self._is_oldest_silent(now):
            oldest, _ = next(iter(self._greeting.values()))
            oldest.close(CloseCode.TIMEOUT)
            self.remove(oldest)

    def _is_oldest_silent(self, now: float) -> bool:
        _, since = next(iter(self._greeting.values()), (None, now))
        return now - since >= _SILENT_AFTER

    def add(self, connection: Registered, *, previous: str | None = None) -> None:
        """Add a connection to its user's; it may cost the oldest its place.

        Args:
            connection: Of a user who is known.
            previous: The user's connection that it is to replace.
        """
        self._greeting.pop(connection.id, None)
        mine = self._by_user.setdefault(connection.user, {})
        mine[connection.id] = connection
        self._known += 1
        self._is_empty.clear()
        if len(mine) > self._per_user:
            # Nobody else has to go for one that moves.
            leaving = mine.get(previous) if previous is not None else None
            if leaving is not None and leaving is not connection:
                leaving.close(CloseCode.MOVING)
            else:
                leaving = next(iter(mine.values()))
                leaving.close(CloseCode.TOO_MANY_CONNECTIONS)
            self.remove(leaving)
        # It shook hands before the drain began, and has nothing to carry over.
        if self._reconnect_after is not None:
            connection.drain(reconnect_after=self._reconnect_after())

    def remove(self, connection: Registered) -> None:
        """Remove this very connection, if it is there."""
        greeting, _ = self._greeting.get(connection.id, (None, 0.0))
        if greeting is connection:
            del self._greeting[connection.id]
        else:
            self._remove_known(connection)
        if not self._by_user and not self._greeting:
            self._is_empty.set()

    def _remove_known(self, connection: Registered) -> None:
        user = connection.user
        mine = self._by_user.get(user, {})
        if mine.get(connection.id) is connection:
            del mine[connection.id]
            self._known -= 1
            if not mine:
                del self._by_user[user]

    def drain(self, reconnect_after: Callable[[], float]) -> None:
        """Ask all connections to leave, and those that are added from now on.

        Args:
            reconnect_after: Returns how long one of them should wait.
        """
        self._reconnect_after = reconnect_after
        greeting = [connection for connection, _ in self._greeting.values()]
        for connection in (*greeting, *self):
            connection.drain(reconnect_after=reconnect_after())

    def welcome(self) -> None:
        """Let connections stay that are added from now on."""
        self._reconnect_after = None

    async def wait_empty(self) -> None:
        """Wait until no connection is left."""
        await self._is_empty.wait()

    def sessions(self) -> set[str]:
        """Return the handles of all sessions that connections stand on."""
        return {connection.session for connection in self}

    def close_sessions(self, handles: Iterable[str]) -> None:
        """Close the connections of sessions that ended."""
        ended = frozenset(handles)
        for connection in self:
            if connection.session in ended:
                connection.close(CloseCode.SESSION_ENDED)
