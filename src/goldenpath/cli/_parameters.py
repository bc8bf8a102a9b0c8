"""Parameters that several commands share, and passwords read with care."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from goldenpath.errors import SettingsError

Data = Annotated[
    Path,
    cyclopts.Parameter(
        name="--data",
        env_var="GOLDENPATH_DATA",
        help="Folder of the database.",
    ),
]
DEFAULT_DATA = Path("goldenpath-data")

PasswordStdin = Annotated[
    bool,
    cyclopts.Parameter(
        name="--password-stdin",
        negative="",
        help="Read the password from the first line of standard input.",
    ),
]


def read_password(*, from_stdin: bool, is_new: bool = False) -> str:
    """Return a password from standard input, or ask a person at a terminal.

    Raises:
        SettingsError: There is neither.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise SettingsError("standard input holds no password")
        return password
    if not sys.stdin.isatty():
        raise SettingsError(
            "there is no terminal to ask for a password at\n\n"
            "hint: add --password-stdin and write the password to standard input"
        )
    password = getpass.getpass("Password: ")
    if is_new and getpass.getpass("Again: ") != password:
        raise SettingsError("the two passwords differ")
    return password
