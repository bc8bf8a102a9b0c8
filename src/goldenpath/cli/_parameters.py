"""Parameters that several commands share, and passwords read with care."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from goldenpath._manager import WebSocketManager
from goldenpath.errors import SettingsError, StorageError

Data = Annotated[
    Path,
    cyclopts.Parameter(
        name="--data",
        env_var="GOLDENPATH_DATA",
        help="Folder of the database.",
    ),
]
DEFAULT_DATA = Path("goldenpath-data")


def existing_database(data: Path) -> Path:
    """Return the database in a folder that must have one.

    Raises:
        StorageError: There is none: the folder is not the one that was meant.
    """
    path = WebSocketManager.database_path(data)
    if not path.exists():
        raise StorageError(f"there is no database at {str(path)!r}; see --data")
    return path


PasswordStdin = Annotated[
    bool,
    cyclopts.Parameter(
        name="--password-stdin",
        negative="",
        help="Read the password from the first line of standard input.",
    ),
]


AllowPlain = Annotated[
    bool,
    cyclopts.Parameter(
        name="--allow-plain",
        negative="",
        help="Speak plain HTTP to another machine; everybody on the way can listen.",
    ),
]


def read_password(*, from_stdin: bool, is_new: bool = False) -> str:
    """Return a password from standard input, or ask a person at a terminal.

    Raises:
        SettingsError: There is neither.
    """
    if from_stdin:
        try:
            password = sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise SettingsError("the password on standard input is no text") from error
        if not password:
            raise SettingsError("standard input holds no password")
        return password
    if not sys.stdin.isatty():
        raise SettingsError(
            "there is no terminal to ask for a password at\n\n"
            "hint: add --password-stdin and write the password to standard input"
        )
    try:
        password = getpass.getpass("Password: ")
        again = getpass.getpass("Again: ") if is_new else password
    except EOFError:
        raise SettingsError("no password was given") from None
    if again != password:
        raise SettingsError("the two passwords differ")
    return password
