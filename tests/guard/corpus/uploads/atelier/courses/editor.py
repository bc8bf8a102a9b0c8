"""The course editor: teachers add slides and sheets to a lesson."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from uuid import UUID

import psycopg2

from atelier.util.upload_helper import UploadHelper


def add_sheet(lesson, teacher, form):
    helper = UploadHelper(psycopg2.connect("dbname=atelier"))
    file = form["sheet"]
    key = helper.handle_upload(teacher.id, file.file, file.filename, file.size)
    lesson.sheets.append({"key": key, "url": helper.get_url(key)})


@dataclass(slots=True)
class RosterImport:
    """Reads a list of pupils that a teacher uploads, and enrols them; the list is thrown away."""

    course: UUID

    async def run(self, pool, body: bytes) -> int:
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
        for row in rows:
            await pool.execute(
                "INSERT INTO enrolment (course, email, name) VALUES ($1, $2, $3)"
                " ON CONFLICT DO NOTHING",
                self.course,
                row["email"].strip().lower(),
                row["name"],
            )
        return len(rows)
