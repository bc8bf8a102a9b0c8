"""Entries in SQLite: one row for what one commit brought to one log."""

from __future__ import annotations

import dataclasses
import secrets
import sqlite3
from collections.abc import Iterator, Sequence

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._entries import Entry, Hint, Page, pack, unpack

_ROW_BYTES = 64 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Era:
    """The history that a store is in, and which start of the store this is.

    Attributes:
        epoch: Changes when numbers were taken back, as by a restored backup.
        incarnation: Changes with each start of the store.
    """

    epoch: str
    incarnation: str


def begin_era(connection: sqlite3.Connection, incarnation_beside: str | None) -> Era:
    """Begin a new incarnation, and a new epoch if the database is a restored one.

    Args:
        connection: In a transaction.
        incarnation_beside: The last incarnation, as kept outside the database.
    """
    here, before = _meta(connection, "incarnation"), _meta(connection, "before")
    epoch = _meta(connection, "epoch")
    # A kill between the commit and the write beside leaves the one before there.
    if epoch is None or incarnation_beside not in (here, before):
        epoch = secrets.token_urlsafe(8)
    era = Era(epoch, secrets.token_urlsafe(8))
    connection.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [
            ("epoch", epoch),
            ("before", here or ""),
            ("incarnation", era.incarnation),
        ],
    )
    return era


def _meta(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def append(
    connection: sqlite3.Connection,
    log: str,
    bodies: Sequence[bytes],
    *,
    era: Era,
) -> Hint:
    """Append events to a log and return the hint about them."""
    head = head_of(connection, log)
    entries = [
        Entry(
            log=log,
            epoch=era.epoch,
            incarnation=era.incarnation,
            first=number,
            number=number,
            body=body,
        )
        for number, body in enumerate(bodies, head + 1)
    ]
    for row in _rows(entries):
        connection.execute(
            "INSERT INTO entries (log, last, first, incarnation, packed)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                log,
                row[-1].number,
                row[0].first,
                era.incarnation,
                pack((1, entry.body) for entry in row),
            ),
        )
    last = head + len(entries)
    connection.execute(
        "INSERT INTO logs (log, head) VALUES (?, ?)"
        " ON CONFLICT (log) DO UPDATE SET head = excluded.head",
        (log, last),
    )
    return Hint(
        log=log,
        epoch=era.epoch,
        incarnation=era.incarnation,
        first=head + 1,
        last=last,
        entries=tuple(entries),
    )


def head_of(connection: sqlite3.Connection, log: str) -> int:
    """Return the number of a log's last event, or 0."""
    row = connection.execute("SELECT head FROM logs WHERE log = ?", (log,)).fetchone()
    return 0 if row is None else int(row[0])


def head_cursor(connection: sqlite3.Connection, log: str, era: Era) -> Cursor:
    """Return the cursor of a reader that has applied everything."""
    head = head_of(connection, log)
    return Cursor(era.epoch, _written_by(connection, log, head) or "", head)


def read(
    connection: sqlite3.Connection,
    log: str,
    cursor: Cursor,
    *,
    era: Era,
    limit: int,
) -> Page:
    """Return entries after a cursor, or an invalid page."""
    here = head_cursor(connection, log, era)
    entries: list[Entry] = []
    is_valid = _names_a_place(connection, log, cursor, here)
    if is_valid and cursor.number < here.number:
        rows = connection.execute(
            "SELECT first, incarnation, packed FROM entries"
            " WHERE log = ? AND last > ? ORDER BY last",
            (log, cursor.number),
        )
        for row in rows:
            entries.extend(
                entry
                for entry in _unpacked(log, here.epoch, row)
                if entry.number > cursor.number
            )
            if len(entries) >= limit:
                break
    return Page(
        log=log,
        epoch=here.epoch,
        incarnation=era.incarnation,
        head=here.number,
        entries=entries,
        is_valid=is_valid,
    )


def tail(
    connection: sqlite3.Connection,
    log: str,
    *,
    era: Era,
    max_bytes: int,
    before: int | None,
) -> Page:
    """Return the newest entries that fit, of those before a number if given."""
    here = head_cursor(connection, log, era)
    newest_first: list[Entry] = []
    size = 0
    for entry in _backwards(connection, log, here.epoch, before):
        size += len(entry.frame)
        if newest_first and size > max_bytes:
            break
        newest_first.append(entry)
    return Page(
        log=log,
        epoch=here.epoch,
        incarnation=era.incarnation,
        head=here.number,
        entries=newest_first[::-1],
    )


def entry_at(connection: sqlite3.Connection, log: str, number: int) -> Entry | None:
    """Return the entry that covers a number."""
    row = connection.execute(
        "SELECT first, incarnation, packed FROM entries"
        " WHERE log = ? AND last >= ? ORDER BY last LIMIT 1",
        (log, number),
    ).fetchone()
    if row is None:
        return None
    for entry in _unpacked(log, "", row):
        if entry.first <= number <= entry.number:
            return entry
    return None


def _names_a_place(
    connection: sqlite3.Connection, log: str, cursor: Cursor, here: Cursor
) -> bool:
    """Tell whether the entry that a cursor names is in this very history."""
    if cursor.epoch != here.epoch or cursor.number > here.number:
        return False
    if cursor.number == 0:
        return True
    return _written_by(connection, log, cursor.number) == cursor.incarnation


def _written_by(connection: sqlite3.Connection, log: str, number: int) -> str | None:
    """Return the incarnation that wrote the entry with a number."""
    row = connection.execute(
        "SELECT incarnation FROM entries WHERE log = ? AND last >= ?"
        " ORDER BY last LIMIT 1",
        (log, number),
    ).fetchone()
    return None if row is None else str(row[0])


def _backwards(
    connection: sqlite3.Connection, log: str, epoch: str, before: int | None
) -> Iterator[Entry]:
    rows = connection.execute(
        "SELECT first, incarnation, packed FROM entries"
        " WHERE log = ? AND first < ? ORDER BY last DESC",
        (log, before if before is not None else 2**62),
    )
    for row in rows:
        for entry in reversed(_unpacked(log, epoch, row)):
            if before is None or entry.number < before:
                yield entry


def _unpacked(log: str, epoch: str, row: tuple[int, str, bytes]) -> list[Entry]:
    first, incarnation, packed = row
    entries = []
    for span, body in unpack(packed):
        entries.append(
            Entry(
                log=log,
                epoch=epoch,
                incarnation=incarnation,
                first=first,
                number=first + span - 1,
                body=body,
            )
        )
        first += span
    return entries


def _rows(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    row: list[Entry] = []
    size = 0
    for entry in entries:
        if row and size + len(entry.body) > _ROW_BYTES:
            yield row
            row, size = [], 0
        row.append(entry)
        size += len(entry.body)
    if row:
        yield row
