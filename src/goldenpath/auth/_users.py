"""Who may log in, and under which name."""

from __future__ import annotations

import dataclasses
import sqlite3
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from goldenpath._ids import new_id
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._sessions import delete_sessions
from goldenpath.errors import RefusedError
from goldenpath.storage._sqlite import Database

Result = TypeVar("Result")

_LONGEST_NAME = 64
_SELECT = "SELECT id, name, is_disabled, created_at, password_hash FROM users"


@dataclasses.dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in.

    Attributes:
        id: Names the user for ever.
        name: The normalised name.
        is_disabled: Whether they may not, for now.
        created_at: Unix seconds.
        password_hash: Argon2id, encoded.
    """

    id: str
    name: str
    is_disabled: bool
    created_at: float
    password_hash: str = dataclasses.field(repr=False)


def normalise_name(name: str) -> str:
    """Return the one form of a name: folded, so that Ada and ADA are one person.

    Raises:
        RefusedError: It is empty, too long, or has characters that do not show.
    """
    # Normalising takes time by length and can only shorten by so much.
    if len(name) > 4 * _LONGEST_NAME:
        raise _bad_name(name[:_LONGEST_NAME] + "…", "is too long")
    normal = unicodedata.normalize("NFKC", name).casefold()
    # Folding can undo the form, and names look the same only in the same form.
    normal = unicodedata.normalize("NFKC", normal).strip()
    if not 1 <= len(normal) <= _LONGEST_NAME:
        raise _bad_name(name, f"must have 1 to {_LONGEST_NAME} characters")
    # Control and format characters, surrogates, private and unassigned ones, line
    # separators: with them two different names can look the same.
    if any(
        unicodedata.category(character)[0] == "C"
        or unicodedata.category(character) in {"Zl", "Zp"}
        for character in normal
    ):
        raise _bad_name(name, "has characters that do not show")
    return normal


class Users:
    """The users in one database.

    Args:
        database: Where they are kept.
        passwords: How their passwords are hashed.
    """

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def add(self, name: str, password: str, *, now: float) -> User:
        """Let somebody log in from now on.

        Raises:
            RefusedError: ``name_taken``, ``bad_name`` or ``bad_password``.
        """
        normal = normalise_name(name)
        hashed = await self._passwords.hash(password)
        user = User(
            new_id(), normal, is_disabled=False, created_at=now, password_hash=hashed
        )

        def work(connection: sqlite3.Connection) -> None:
            inserted = connection.execute(
                "INSERT INTO users (id, name, password_hash, created_at)"
                " VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                (user.id, normal, hashed, now),
            )
            if inserted.rowcount == 0:
                raise RefusedError("name_taken", f"there is a user {normal!r} already")

        await self._database.write(work)
        return user

    async def list(self) -> list[User]:
        """Return everybody, ordered by name."""

        def work(connection: sqlite3.Connection) -> list[User]:
            rows = connection.execute(_SELECT + " ORDER BY name")
            return [_user(row) for row in rows]

        return await self._database.read(work)

    async def find(self, name: str) -> User | None:
        """Return the user of this name, in whichever case it is written.

        Raises:
            RefusedError: ``bad_name``; nobody can have it.
        """
        normal = normalise_name(name)
        return await self._database.read(lambda connection: _find(connection, normal))

    async def name_of(self, user: str) -> str | None:
        """Return the name of the user with this id."""

        def work(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(
                "SELECT name FROM users WHERE id = ?", (user,)
            ).fetchone()
            return None if row is None else str(row[0])

        return await self._database.read(work)

    async def set_password(self, name: str, password: str) -> tuple[str, ...]:
        """Replace a password, end all sessions and return their handles.

        Raises:
            RefusedError: ``not_found``, ``bad_name`` or ``bad_password``.
        """
        hashed = await self._passwords.hash(password)

        def work(connection: sqlite3.Connection, user: User) -> tuple[str, ...]:
            connection.execute(
                "UPDATE users SET password_hash = ? WHERE id = ?", (hashed, user.id)
            )
            return delete_sessions(connection, user.id)

        return await self._change(name, work)

    async def renew_hash(self, user: User, password: str) -> None:
        """Hash the password that this user just proved again, as is done today.

        Sessions stay. If the password was changed meanwhile, nothing happens.
        """
        hashed = await self._passwords.hash(password)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?",
                (hashed, user.id, user.password_hash),
            )

        await self._database.write(work)

    async def disable(self, name: str) -> tuple[str, ...]:
        """Keep somebody out, end all their sessions and return their handles.

        Raises:
            RefusedError: ``not_found`` or ``bad_name``.
        """

        def work(connection: sqlite3.Connection, user: User) -> tuple[str, ...]:
            connection.execute(
                "UPDATE users SET is_disabled = 1 WHERE id = ?", (user.id,)
            )
            return delete_sessions(connection, user.id)

        return await self._change(name, work)

    async def enable(self, name: str) -> None:
        """Let somebody in again who was disabled.

        Raises:
            RefusedError: ``not_found`` or ``bad_name``.
        """

        def work(connection: sqlite3.Connection, user: User) -> None:
            connection.execute(
                "UPDATE users SET is_disabled = 0 WHERE id = ?", (user.id,)
            )

        await self._change(name, work)

    async def _change(
        self, name: str, work: Callable[[sqlite3.Connection, User], Result]
    ) -> Result:
        """Do something to a user in one transaction."""
        normal = normalise_name(name)

        def change(connection: sqlite3.Connection) -> Result:
            user = _find(connection, normal)
            if user is None:
                raise RefusedError("not_found", f"there is no user {normal!r}")
            return work(connection, user)

        return await self._database.write(change)


def _find(connection: sqlite3.Connection, normal: str) -> User | None:
    row = connection.execute(_SELECT + " WHERE name = ?", (normal,)).fetchone()
    return None if row is None else _user(row)


def _user(row: tuple[str, str, int, float, str]) -> User:
    identifier, name, is_disabled, created_at, password_hash = row
    return User(identifier, name, bool(is_disabled), created_at, password_hash)


def _bad_name(name: str, why: str) -> RefusedError:
    return RefusedError("bad_name", f"the name {name!r} {why}")
