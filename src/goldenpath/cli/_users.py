"""``goldenpath users``: who may log in, while a server runs or not."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import cyclopts

from goldenpath._manager import WebSocketManager
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._users import User, Users
from goldenpath.cli._parameters import (
    DEFAULT_DATA,
    Data,
    PasswordStdin,
    existing_database,
    read_password,
)
from goldenpath.storage._sqlite import Database

Result = TypeVar("Result")


def add(
    name: str, *, data: Data = DEFAULT_DATA, password_stdin: PasswordStdin = False
) -> None:
    """Let somebody log in.

    Args:
        name: What they log in with.
        data: Folder of the database.
        password_stdin: Read the password from standard input.
    """
    password = read_password(from_stdin=password_stdin, is_new=True)
    # The first of them may be added before the first start.
    path = WebSocketManager.database_path(data)
    user = _with_users(path, lambda u: u.add(name, password, now=time.time()))
    print(f"{user.name} may log in", file=sys.stderr)


def list_users(
    *,
    data: Data = DEFAULT_DATA,
    as_json: Annotated[
        bool, cyclopts.Parameter(name="--json", negative="", help="Print JSON.")
    ] = False,
) -> None:
    """List everybody who may log in, or could once.

    Args:
        data: Folder of the database.
        as_json: Print JSON.
    """
    found = _with_users(existing_database(data), Users.list)
    if as_json:
        print(json.dumps([_as_json(user) for user in found], indent=2))
        return
    width = max((len(user.name) for user in found), default=0)
    for user in found:
        day = dt.datetime.fromtimestamp(user.created_at, dt.UTC).date()
        state = "disabled" if user.is_disabled else "enabled"
        print(f"{user.name:<{width}}  {state:<8}  since {day}")
    if not found:
        print("nobody; add somebody with `goldenpath users add`", file=sys.stderr)


def password(
    name: str, *, data: Data = DEFAULT_DATA, password_stdin: PasswordStdin = False
) -> None:
    """Set somebody's password and end their sessions.

    Args:
        name: Who.
        data: Folder of the database.
        password_stdin: Read the password from standard input.
    """
    path = existing_database(data)
    new = read_password(from_stdin=password_stdin, is_new=True)
    ended = _with_users(path, lambda u: u.set_password(name, new))
    print(f"{name} has a new password; sessions ended: {len(ended)}", file=sys.stderr)


def disable(name: str, *, data: Data = DEFAULT_DATA) -> None:
    """Keep somebody out and end their sessions, also those that are open now.

    Args:
        name: Who.
        data: Folder of the database.
    """
    ended = _with_users(existing_database(data), lambda u: u.disable(name))
    print(
        f"{name} may not log in any more; sessions ended: {len(ended)}",
        file=sys.stderr,
    )


def enable(name: str, *, data: Data = DEFAULT_DATA) -> None:
    """Let somebody in again.

    Args:
        name: Who.
        data: Folder of the database.
    """
    _with_users(existing_database(data), lambda u: u.enable(name))
    print(f"{name} may log in again", file=sys.stderr)


def _with_users(path: Path, work: Callable[[Users], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with Database(path) as database:
            return await work(Users(database, Passwords()))

    return asyncio.run(run())


def _as_json(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "name": user.name,
        "is_disabled": user.is_disabled,
        "created_at": user.created_at,
    }
