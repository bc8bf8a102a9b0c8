from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime


class RoomTaken(Exception):
    pass


@dataclass(frozen=True)
class Booking:
    room: str
    teacher: str
    begin: datetime
    end: datetime


class RoomRegistry:
    """Which class room of the school building is booked when, and by whom."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def book(self, b: Booking) -> None:
        row = self.db.execute(
            "SELECT teacher FROM booking WHERE room=? AND begin<? AND end>?",
            (b.room, b.end.isoformat(), b.begin.isoformat()),
        ).fetchone()
        if row:
            raise RoomTaken(row[0])
        self.db.execute(
            "INSERT INTO booking VALUES (?,?,?,?)",
            (b.room, b.teacher, b.begin.isoformat(), b.end.isoformat()),
        )
        self.db.commit()

    def leave(self, room: str, teacher: str) -> None:
        self.db.execute(
            "DELETE FROM booking WHERE room=? AND teacher=?", (room, teacher)
        )
        self.db.commit()

    def free(self, begin: datetime, end: datetime) -> list[str]:
        rows = self.db.execute(
            "SELECT name FROM room WHERE name NOT IN (SELECT room FROM booking WHERE begin<? AND end>?)",
            (end.isoformat(), begin.isoformat()),
        )
        return [r[0] for r in rows]
