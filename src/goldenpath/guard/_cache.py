"""Facts of files, verdicts on them, and reports, kept between runs.

Two runs do not disturb each other.

A file is known by its path, size and time. What was kept by another version of Python
or of the facts is worthless, and so is a cache that cannot be opened: a cache never
makes a run fail.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from goldenpath.guard._facts import FACTS_VERSION, FileFacts, Stored, restore
from goldenpath.guard._files import SourceFile
from goldenpath.guard._memory import Remembered, Verdict

# Reports of so many questions about a tree are kept; a report asks several questions
# about files.
_MOST = {"reports": 20, "verdicts": 40}
_VERSION = f"4-{FACTS_VERSION}-{sys.version_info[0]}.{sys.version_info[1]}"
_encoder = msgspec.msgpack.Encoder()
_report_decoder = msgspec.msgpack.Decoder(Remembered)
_verdicts_decoder = msgspec.msgpack.Decoder(dict[str, Verdict])


def make_private(folder: Path) -> None:
    """Make a folder that version control leaves alone.

    Raises:
        OSError: It cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


class Cache:
    """Facts by file.

    Args:
        path: The SQLite file; None remembers nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            make_private(path.parent)
            self._open(path)
        except (OSError, sqlite3.Error):
            self._connection = None

    def _open(self, path: Path) -> None:
        connection = sqlite3.connect(path, timeout=5.0)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE IF NOT EXISTS meta (version TEXT)")
        row = connection.execute("SELECT version FROM meta").fetchone()
        if row is None or row[0] != _VERSION:
            connection.executescript(
                "DROP TABLE IF EXISTS facts; DELETE FROM meta;"
                "CREATE TABLE facts (path TEXT PRIMARY KEY, size INTEGER,"
                " modified INTEGER, outline BLOB, facts BLOB) WITHOUT ROWID;"
            )
            for table in _MOST:
                connection.executescript(
                    f"DROP TABLE IF EXISTS {table};"
                    f"CREATE TABLE {table} (number INTEGER PRIMARY KEY,"
                    " key TEXT UNIQUE, content BLOB);"
                )
            connection.execute("INSERT INTO meta VALUES (?)", (_VERSION,))
            connection.commit()
        self._connection = connection

    def find(
        self, files: Sequence[SourceFile], *, is_outline: bool = False
    ) -> dict[str, FileFacts]:
        """Return the facts of those files that have not changed.

        Args:
            files: The files.
            is_outline: Only what other files can see of them.
        """
        if self._connection is None:
            return {}
        found = {}
        column = "outline" if is_outline else "facts"
        with contextlib.suppress(sqlite3.Error, msgspec.DecodeError):
            for file in files:
                row = self._connection.execute(
                    f"SELECT {column} FROM facts"  # noqa: S608
                    " WHERE path = ? AND size = ? AND modified = ?",
                    (file.path, file.size, file.modified),
                ).fetchone()
                if row is not None:
                    found[file.path] = restore(row[0])
        return found

    def keep(self, fresh: Iterable[tuple[SourceFile, Stored]]) -> None:
        """Remember the facts of files."""
        if self._connection is None:
            return
        with contextlib.suppress(sqlite3.Error):
            self._connection.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?)",
                (
                    (file.path, file.size, file.modified, stored.outline, stored.facts)
                    for file, stored in fresh
                ),
            )
            self._connection.commit()

    def recall(self, key: str) -> Remembered | None:
        """Return the report that is known by a key."""
        with contextlib.suppress(msgspec.DecodeError):
            content = self._look_up("reports", key)
            return _report_decoder.decode(content) if content else None
        return None

    def remember(self, key: str, report: Remembered) -> None:
        """Keep a report, and let go of older ones."""
        self._put_down("reports", key, _encoder.encode(report))

    def verdicts(self, key: str) -> dict[str, Verdict]:
        """Return what was answered to a question, by file; see ``key_of_question``."""
        with contextlib.suppress(msgspec.DecodeError):
            content = self._look_up("verdicts", key)
            return _verdicts_decoder.decode(content) if content else {}
        return {}

    def keep_verdicts(self, key: str, verdicts: Mapping[str, Verdict]) -> None:
        """Keep all answers to a question, and let go of older questions."""
        self._put_down("verdicts", key, _encoder.encode(verdicts))

    def _look_up(self, table: str, key: str) -> bytes | None:
        if self._connection is None:
            return None
        with contextlib.suppress(sqlite3.Error):
            row = self._connection.execute(
                f"SELECT content FROM {table} WHERE key = ?",  # noqa: S608
                (key,),
            ).fetchone()
            return None if row is None else bytes(row[0])
        return None

    def _put_down(self, table: str, key: str, content: bytes) -> None:
        if self._connection is None:
            return
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute(
                f"INSERT OR REPLACE INTO {table} (key, content) VALUES (?, ?)",  # noqa: S608
                (key, content),
            )
            self._connection.execute(
                f"DELETE FROM {table} WHERE number NOT IN"  # noqa: S608
                f" (SELECT number FROM {table} ORDER BY number DESC LIMIT ?)",
                (_MOST[table],),
            )
            self._connection.commit()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
