"""Which history a store is in, and which start of the store this is.

Each start writes a new random *incarnation* into the database and into a file
beside it. A database whose incarnation the file does not know was restored from a
backup: numbers may have been taken back, so a new epoch begins.

Rule 1: the file knows an incarnation before the database commits it, so that a kill
        between the two costs nothing.
Rule 2: it forgets the others only after the commit, so that it never knows more
        than the present one and what a kill left.
Rule 3: the file is touched in a write transaction only: two starts at once take
        turns.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
import sqlite3
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Era:
    """The history that a store is in, and which start of the store this is.

    Attributes:
        epoch: Changes when numbers were taken back, as by a restored backup.
        incarnation: Changes with each start of the store.
    """

    epoch: str
    incarnation: str


def begin(connection: sqlite3.Connection, beside: Path) -> Era:
    """Begin a new incarnation, and a new epoch if the database is a restored one."""
    known = beside.read_text().split() if beside.exists() else []
    epoch = _meta(connection, "epoch")
    if epoch is None or _meta(connection, "incarnation") not in known:
        epoch = secrets.token_urlsafe(8)
    era = Era(epoch, secrets.token_urlsafe(8))
    connection.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [("epoch", era.epoch), ("incarnation", era.incarnation)],
    )
    _replace(beside, [*known, era.incarnation])
    return era


def confirm(connection: sqlite3.Connection, beside: Path) -> None:
    """Let the file forget all but what the database says after its commit."""
    _replace(beside, [_meta(connection, "incarnation") or ""])


def _meta(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _replace(path: Path, names: list[str]) -> None:
    """Write the whole file or nothing, also if the machine dies."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w") as file:
        file.write("\n".join(names))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
