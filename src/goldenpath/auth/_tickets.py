"""Tickets: secrets that stand for a session once, for a short while.

A page that may not send its cookie to this origin, and a client that may not put a
secret where it is logged, fetches one and sends it in its first frame.
"""

from __future__ import annotations

import math
import sqlite3

from goldenpath.auth._audit import audit
from goldenpath.auth._identity import Identity
from goldenpath.auth._sessions import find_identity
from goldenpath.auth._tokens import new_token, token_hash
from goldenpath.errors import AuthError
from goldenpath.storage._sqlite import Database

# One text for all reasons: which of them it was helps only a thief.
_WORTHLESS = "the ticket was used, is too old or is not yours; get a new one"


class Tickets:
    """The tickets in one database.

    Args:
        database: Where they are kept, by their hash.
        lasts: Seconds until an unused one is worthless.
    """

    def __init__(self, database: Database, *, lasts: float) -> None:
        self._database = database
        self._lasts = lasts
        self._purged_at = -math.inf

    async def issue(self, identity: Identity, origin: str | None, *, now: float) -> str:
        """Return a new ticket for an identity's session, bound to an origin."""
        ticket = new_token()
        # Once in a while, not each time: when everybody reconnects at once, looking
        # through all tickets for each of them would take longer than they last.
        is_purge_due = not 0 <= now - self._purged_at < self._lasts
        if is_purge_due:
            self._purged_at = now

        def work(connection: sqlite3.Connection) -> None:
            if is_purge_due:
                connection.execute("DELETE FROM tickets WHERE expires_at <= ?", (now,))
            connection.execute(
                "INSERT INTO tickets (token_hash, session, origin, expires_at)"
                " VALUES (?, ?, ?, ?)",
                (token_hash(ticket), identity.session, origin or "", now + self._lasts),
            )

        await self._database.write(work)
        return ticket

    async def redeem(self, ticket: str, origin: str | None, *, now: float) -> Identity:
        """Use a ticket up and return whom it stands for.

        Raises:
            AuthError: It is worthless; after a failed attempt it is in any case.
        """
        hashed = token_hash(ticket)

        # Returns instead of raising: an error would undo the deletion, and the
        # ticket could be tried again.
        def work(
            connection: sqlite3.Connection,
        ) -> tuple[Identity | None, str | None, str]:
            rows = connection.execute(
                "DELETE FROM tickets WHERE token_hash = ?"
                " RETURNING session, origin, expires_at",
                (hashed,),
            ).fetchall()
            if not rows:
                return None, None, "it was used, or never was"
            session, bound_to, expires_at = rows[0]
            if expires_at <= now:
                return None, session, "it is too old"
            if bound_to != (origin or ""):
                return None, session, "it belongs to another origin"
            identity = find_identity(connection, session, how="ticket", now=now)
            return identity, session, "its session is over"

        identity, session, why = await self._database.write(work)
        if identity is None:
            audit("ticket_refused", session=session, origin=origin, why=why)
            raise AuthError(_WORTHLESS)
        return identity
