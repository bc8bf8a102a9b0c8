"""Logins that last: from an opaque token to the identity behind it.

Rule 1: only the SHA-256 of a token is stored; the handle names a session elsewhere.
Rule 2: a session is gone when its row is gone, on every instance at once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import Literal

from goldenpath._ids import new_id
from goldenpath.auth._identity import Identity
from goldenpath.auth._tokens import new_token, token_hash
from goldenpath.errors import AuthError
from goldenpath.storage._sqlite import Database

_How = Literal["cookie", "ticket", "header"]
_ENDED = "the session has ended or never was; log in"


class Sessions:
    """The sessions in one database.

    Args:
        database: Where they are kept.
        lasts: Seconds from login until a session ends by itself.
    """

    def __init__(self, database: Database, *, lasts: float) -> None:
        self._database = database
        self._lasts = lasts

    async def create(
        self, user: str, *, password_hash: str, now: float
    ) -> tuple[str, Identity] | None:
        """Open a session and return its token, which is never shown again.

        Return ``None`` if the user was disabled or their password changed since the
        hash was read.
        """
        token = new_token()

        def work(connection: sqlite3.Connection) -> Identity | None:
            # A password is compared outside of the transaction. A change in between
            # ended all sessions, and must not be outlived by a later one.
            row = connection.execute(
                "SELECT name FROM users"
                " WHERE id = ? AND password_hash = ? AND is_disabled = 0",
                (user, password_hash),
            ).fetchone()
            if row is None:
                return None
            identity = Identity(user, row[0], new_id(), now + self._lasts, "cookie")
            connection.execute(
                "INSERT INTO sessions"
                " (token_hash, handle, user, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    token_hash(token),
                    identity.session,
                    user,
                    now,
                    identity.expires_at,
                ),
            )
            return identity

        identity = await self._database.write(work)
        return None if identity is None else (token, identity)

    async def resolve(self, token: str, *, how: _How, now: float) -> Identity:
        """Return whose session a token opens.

        Raises:
            AuthError: It opens none, or none any more.
        """
        hashed = token_hash(token)

        def work(connection: sqlite3.Connection) -> Identity | None:
            row = connection.execute(
                "SELECT handle FROM sessions WHERE token_hash = ?", (hashed,)
            ).fetchone()
            return row and find_identity(connection, row[0], how=how, now=now)

        identity = await self._database.read(work)
        if identity is None:
            raise AuthError(_ENDED)
        return identity

    async def revoke(self, handle: str) -> bool:
        """End one session; return whether there was one."""

        def work(connection: sqlite3.Connection) -> bool:
            deleted = connection.execute(
                "DELETE FROM sessions WHERE handle = ?", (handle,)
            )
            return deleted.rowcount > 0

        return await self._database.write(work)

    async def revoke_token(self, token: str) -> str | None:
        """End the session that a token opens; return its handle."""
        hashed = token_hash(token)

        def work(connection: sqlite3.Connection) -> str | None:
            handles = connection.execute(
                "DELETE FROM sessions WHERE token_hash = ? RETURNING handle", (hashed,)
            ).fetchall()
            return handles[0][0] if handles else None

        return await self._database.write(work)

    async def alive(self, handles: Collection[str]) -> set[str]:
        """Return which of these sessions still exist, expired or not."""
        # One array instead of one parameter each: SQLite limits how many there are.
        wanted = json.dumps(list(handles))

        def work(connection: sqlite3.Connection) -> set[str]:
            rows = connection.execute(
                "SELECT handle FROM sessions JOIN users ON users.id = sessions.user"
                " WHERE handle IN (SELECT value FROM json_each(?)) AND is_disabled = 0",
                (wanted,),
            )
            return {handle for (handle,) in rows}

        return await self._database.read(work) if handles else set()

    async def purge(self, *, ended_before: float) -> int:
        """Forget sessions that expired before a time; return how many.

        A connection that outlives its session for some grace loses it with the
        row, so that the time must lie at least as far back.
        """

        def work(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "DELETE FROM sessions WHERE expires_at < ?", (ended_before,)
            ).rowcount

        return await self._database.write(work)


def find_identity(
    connection: sqlite3.Connection, handle: str, *, how: _How, now: float
) -> Identity | None:
    """Return whose session this is, if it is alive at ``now``."""
    row = connection.execute(
        "SELECT users.id, users.name, expires_at"
        " FROM sessions JOIN users ON users.id = sessions.user"
        " WHERE handle = ? AND expires_at > ? AND is_disabled = 0",
        (handle, now),
    ).fetchone()
    return None if row is None else Identity(row[0], row[1], handle, row[2], how)


def delete_sessions(connection: sqlite3.Connection, user: str) -> tuple[str, ...]:
    """End all sessions of a user within a transaction; return their handles."""
    rows = connection.execute(
        "DELETE FROM sessions WHERE user = ? RETURNING handle", (user,)
    ).fetchall()
    return tuple(handle for (handle,) in rows)
