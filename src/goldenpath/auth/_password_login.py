"""The default authenticator: names and passwords in the product's own database."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Collection

from goldenpath._settings import Settings
from goldenpath.auth._attempts import LoginAttempts
from goldenpath.auth._audit import audit
from goldenpath.auth._identity import Credentials, Identity
from goldenpath.auth._origins import check_origins
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._sessions import Sessions
from goldenpath.auth._tickets import Tickets
from goldenpath.auth._users import User, Users, normalise_name
from goldenpath.errors import (
    AuthError,
    RefusedError,
    StorageError,
    TooManyAttemptsError,
)
from goldenpath.protocol._rate import Budgets
from goldenpath.storage._sqlite import Database

# One text for an unknown name, a disabled user and a wrong password (S24).
_WRONG = "the name or the password is wrong"
# Each ticket is a row until it is used or too old. All tabs of a person may come
# back at once, and three times in a row.
_TICKETS_AT_ONCE = 60
_TICKETS_REFILL_EVERY = 1.0
_MOST_REMEMBERED = 10_000


class PasswordAuthenticator:
    """An ``Authenticator`` to which people log in with a name and a password.

    Args:
        database: Holds users, sessions and tickets.
        settings: How long things last, how often one may try, which origins.
        passwords: How passwords are compared.
        clock: Returns Unix seconds.

    Raises:
        SettingsError: An origin in the settings is none.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        passwords: Passwords | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        check_origins(settings.origins)
        self._settings = settings
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._users = Users(database, self._passwords)
        self._sessions = Sessions(database, lasts=settings.session_lasts)
        self._tickets = Tickets(database, lasts=settings.ticket_lasts)
        self._attempts = LoginAttempts(
            at_once=settings.login_attempts, refill_every=settings.login_refill_every
        )
        self._issued = Budgets(
            _TICKETS_AT_ONCE, _TICKETS_REFILL_EVERY, _MOST_REMEMBERED
        )

    async def login(
        self, name: str, password: str, address: str
    ) -> tuple[str, Identity]:
        """Open a new session and return its token with whose it is.

        Whatever token the request brought along plays no part: a session that was
        planted in a browser never becomes anybody's.

        Args:
            name: In any case.
            password: As typed.
            address: The client's, as far as proxies in front are trusted.

        Raises:
            AuthError: The name is unknown, the user disabled or the password wrong;
                which of these it is can neither be read nor timed.
            TooManyAttemptsError: It must wait, whatever the password.
        """
        normal = _normal_or_nobody(name)
        now = self._clock()
        wait = self._attempts.spend(normal, address, now=now)
        if wait > 0.0:
            audit("login_limited", address=address)
            raise TooManyAttemptsError(math.ceil(wait))
        user, token, identity = await self._open(normal, password, address)
        self._attempts.give_back(normal, address, now=self._clock())
        if self._passwords.is_outdated(user.password_hash):
            # They are logged in by now; if it fails, the next login tries again.
            with contextlib.suppress(StorageError, TooManyAttemptsError):
                await self._users.renew_hash(user, password)
        audit("login", user=user.id, session=identity.session, address=address)
        return token, identity

    async def logout(self, token: str) -> str | None:
        """End the session that a token opens; return its handle, if there was one."""
        handle = await self._sessions.revoke_token(token)
        if handle is not None:
            audit("logout", session=handle)
        return handle

    async def identify(self, credentials: Credentials) -> Identity:
        """Return whose credentials these are; see ``Authenticator``."""
        now = self._clock()
        # A token in a header is meant. If it is bad, the cookie must not help out:
        # with a header the origin was not checked.
        if credentials.bearer is not None:
            return await self._sessions.resolve(
                credentials.bearer, how="header", now=now
            )
        if credentials.cookie is not None:
            return await self._sessions.resolve(
                credentials.cookie, how="cookie", now=now
            )
        raise AuthError("nobody is logged in; log in")

    async def issue_ticket(self, identity: Identity, origin: str | None) -> str:
        """Return a single-use ticket; see ``Authenticator``."""
        now = self._clock()
        wait = self._issued.wait(identity.user, now=now)
        if wait > 0.0:
            audit("ticket_limited", user=identity.user, origin=origin)
            raise TooManyAttemptsError(math.ceil(wait))
        self._issued.spend(identity.user, now=now)
        return await self._tickets.issue(identity, origin, now=now)

    async def redeem_ticket(self, ticket: str, origin: str | None) -> Identity:
        """Return whom a ticket stands for, and use it up; see ``Authenticator``."""
        return await self._tickets.redeem(ticket, origin, now=self._clock())

    async def alive(self, handles: Collection[str]) -> set[str]:
        """Return which of these sessions still exist; see ``Authenticator``."""
        alive = await self._sessions.alive(handles)
        # Whoever asks has connections that stand on them, and closes those now.
        for handle in set(handles) - alive:
            audit("session_over", session=handle)
        return alive

    async def name_of(self, user: str) -> str:
        """Return the name that a user logs in with; see ``Authenticator``."""
        return await self._users.name_of(user) or user

    async def purge(self) -> int:
        """Forget sessions whose end, grace included, is past; return how many."""
        grace = self._settings.expired_grace
        return await self._sessions.purge(ended_before=self._clock() - grace)

    async def _open(
        self, name: str, password: str, address: str
    ) -> tuple[User, str, Identity]:
        # Twice: two logins at once with an outdated hash both compare with it, and
        # the first to finish renews it. The second then compares with the new one.
        for _ in range(2):
            user = await self._check(name, password, address)
            opened = await self._sessions.create(
                user.id, password_hash=user.password_hash, now=self._clock()
            )
            if opened is not None:
                token, identity = opened
                return user, token, identity
        raise AuthError(_WRONG)

    async def _check(self, name: str, password: str, address: str) -> User:
        user = await self._users.find(name) if name else None
        encoded = None if user is None else user.password_hash
        # Before anything is refused, so that every refusal takes as long.
        is_right = await self._passwords.verify(password, encoded)
        if user is None or user.is_disabled or not is_right:
            known = None if user is None else user.id
            audit("login_refused", user=known, address=address)
            raise AuthError(_WRONG)
        return user


def _normal_or_nobody(name: str) -> str:
    """Return a name's one form, or '' if nobody can have it."""
    try:
        return normalise_name(name)
    except RefusedError:
        return ""
