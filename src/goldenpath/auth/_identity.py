"""Who is there, and the seam through which that is decided."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Literal, Protocol


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """What a handshake brought along to say who it is.

    Attributes:
        cookie: The session token from the cookie.
        bearer: The session token from ``Authorization: Bearer``.
        origin: The page that asks, as its browser says; nothing else sends one.
    """

    cookie: str | None = dataclasses.field(default=None, repr=False)
    bearer: str | None = dataclasses.field(default=None, repr=False)
    origin: str | None = None

    @property
    def needs_origin(self) -> bool:
        """Whether the origin must be checked before these may be believed.

        A browser attaches a cookie to whatever page asks; a header it does not.
        """
        return self.cookie is not None and self.bearer is None


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """A user who has proved who they are.

    Attributes:
        user: The user's id; all rights hang on it.
        name: The name they log in with.
        session: Handle of the session; names it, but opens nothing.
        expires_at: When the session ends by itself, in Unix seconds.
        how: What proved it.
    """

    user: str
    name: str
    session: str
    expires_at: float
    how: Literal["cookie", "ticket", "header"]


class Authenticator(Protocol):
    """From a handshake's credentials or a ticket to an identity, or a refusal.

    The user id never comes from a message or a URL: what these methods return is
    the only place where it is learnt.

    Every method fails closed. ``AuthError`` says that it is nobody; any other error
    says that it cannot be known now, and lets nobody in either.

    Not promised: that an identity stays true. The server asks :meth:`alive`
    again and again while a connection is open, and watches ``expires_at`` itself.
    """

    async def identify(self, credentials: Credentials) -> Identity:
        """Return whose credentials these are.

        If they need an origin, the caller has checked it. With a bearer token the
        cookie is not looked at, be the token good or bad.

        Raises:
            AuthError: They are nobody's, or no longer.
        """
        ...

    async def issue_ticket(self, identity: Identity, origin: str | None) -> str:
        """Return a short-lived secret that stands for the identity's session once.

        It can be redeemed only by the same origin, or by none if there is none.

        Raises:
            TooManyAttemptsError: The user was given too many.
        """
        ...

    async def redeem_ticket(self, ticket: str, origin: str | None) -> Identity:
        """Return whom a ticket stands for, and use it up.

        Of any number of attempts with one ticket, at most one succeeds. An attempt
        that fails uses it up as well.

        Raises:
            AuthError: It was used, is too old, came from elsewhere, or never was;
                or its session has ended.
        """
        ...

    async def alive(self, handles: Collection[str]) -> set[str]:
        """Return which of these sessions still exist.

        A session that was revoked, by anybody on any instance, is missing. One
        that merely passed ``expires_at`` may be there: a connection enforces that
        itself, after some grace.
        """
        ...

    async def name_of(self, user: str) -> str:
        """Return what people call a user; the id itself if nobody knows."""
        ...
