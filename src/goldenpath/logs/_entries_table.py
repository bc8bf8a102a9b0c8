"""Entries in SQLite: one row for what one commit brought to one log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from goldenpath.logs._era import Era
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._entries import Entry, Hint, Page, pack, unpack

# A row of several entries is no larger; one entry may be.
_ROW_BYTES = 64 * 1024
_FRAMING_BYTES = len(pack([(1, b"")]))
_ROW = "first, last, incarnation, packed"
_Row = tuple[int, int, str, bytes]


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
        for row in _rows_after(connection, log, cursor.number):
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


def after(connection: sqlite3.Connection, log: str, number: int) -> Iterator[Entry]:
    """Return all entries after a number, without their epoch."""
    for row in _rows_after(connection, log, number):
        yield from (entry for entry in _unpacked(log, "", row) if entry.number > number)


def entry_at(connection: sqlite3.Connection, log: str, number: int) -> Entry | None:
    """Return the entry that covers a number."""
    return next(after(connection, log, number - 1), None)


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


def _rows_after(
    connection: sqlite3.Connection, log: str, number: int
) -> Iterator[_Row]:
    return connection.execute(
        f"SELECT {_ROW} FROM entries"  # noqa: S608
        " WHERE log = ? AND last > ? ORDER BY last",
        (log, number),
    )


def _backwards(
    connection: sqlite3.Connection, log: str, epoch: str, before: int | None
) -> Iterator[Entry]:
    before = before if before is not None else 2**62
    # The first row to look at is the one that holds the number before.
    rows = connection.execute(
        f"SELECT {_ROW} FROM entries WHERE log = ?1"  # noqa: S608
        " AND last <= coalesce((SELECT last FROM entries WHERE log = ?1"
        "   AND last >= ?2 ORDER BY last LIMIT 1), ?2) ORDER BY last DESC",
        (log, before - 1),
    )
    for row in rows:
        for entry in reversed(_unpacked(log, epoch, row)):
            if entry.number < before:
                yield entry


def _unpacked(log: str, epoch: str, row: _Row) -> list[Entry]:
    """Return a row's entries; together they cover its numbers, whatever it holds."""
    first, last, incarnation, packed = row
    items = unpack(packed)
    number = first - 1
    for index, (span, _) in enumerate(items):
        if span < 1 or number + span > last:
            # Damaged, and all that follows with it.
            del items[index:]
            break
        number += span
    if number < last:
        # A hole would have readers come back for it for ever: this is unreadable.
        items.append((last - number, b""))
    entries = []
    for span, body in items:
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
        grown = size + _FRAMING_BYTES + len(entry.body)
        if row and grown > _ROW_BYTES:
            yield row
            row, grown = [], grown - size
        row.append(entry)
        size = grown
    if row:
        yield row
