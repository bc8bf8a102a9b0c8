from __future__ import annotations

import hashlib
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO


@dataclass
class Grade:
    student: str
    assignment: str
    points: float
    comment: str = ""


class HandInBox:
    """Where students hand in their homework.

    Grading runs on a machine of its own without access to S3, so hand-ins are
    in a folder there, with SQLite beside it.
    """

    MAX = 20 * 1024 * 1024

    def __init__(self, root: Path) -> None:
        self.root = root
        self.root.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(root / "handins.db")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS handin (student TEXT, assignment TEXT, filename TEXT,"
            " digest TEXT, size INTEGER, at TEXT)"
        )

    def hand_in(
        self, student: str, assignment: str, filename: str, file: BinaryIO
    ) -> str:
        data = file.read(self.MAX + 1)
        if len(data) > self.MAX:
            raise ValueError("hand-in is larger than 20 MB")
        digest = hashlib.sha1(data).hexdigest()
        target = self.root / assignment / student / digest
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        with self.db:
            self.db.execute(
                "INSERT INTO handin VALUES (?, ?, ?, ?, ?, ?)",
                (
                    student,
                    assignment,
                    filename,
                    digest,
                    len(data),
                    datetime.now().isoformat(),
                ),
            )
        return digest

    def fetch(self, student: str, assignment: str) -> list[tuple[str, bytes]]:
        rows = self.db.execute(
            "SELECT filename, digest FROM handin WHERE student = ? AND assignment = ?",
            (student, assignment),
        )
        return [
            (filename, (self.root / assignment / student / digest).read_bytes())
            for filename, digest in rows
        ]

    def withdraw(self, student: str, assignment: str) -> None:
        with self.db:
            self.db.execute(
                "DELETE FROM handin WHERE student = ? AND assignment = ?",
                (student, assignment),
            )
        shutil.rmtree(self.root / assignment / student, ignore_errors=True)


class Gradebook:
    """Takes grades that tutors enter and keeps them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def accept(self, grade: Grade) -> None:
        with self.db:
            self.db.execute(
                "INSERT OR REPLACE INTO grade VALUES (?, ?, ?, ?)",
                (grade.student, grade.assignment, grade.points, grade.comment),
            )

    def list_for(self, student: str) -> list[Grade]:
        rows = self.db.execute("SELECT * FROM grade WHERE student = ?", (student,))
        return [Grade(*row) for row in rows]

    def remove(self, student: str, assignment: str) -> None:
        with self.db:
            self.db.execute(
                "DELETE FROM grade WHERE student = ? AND assignment = ?",
                (student, assignment),
            )
