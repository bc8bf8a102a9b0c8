"""The other direction: people upload files, and we read them into tables."""

from __future__ import annotations

import csv
import re
import uuid
from pathlib import Path
from typing import BinaryIO

import openpyxl

from hub.exporting.model import Table


class FileImporter:
    """Reads an uploaded CSV or Excel file into a table."""

    def formats(self) -> list[str]:
        return ["csv", "xlsx"]

    def load(self, path: Path) -> Table:
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path, read_only=True).active
            rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        else:
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.reader(file))
        return Table(path.stem, rows[0], rows[1:])


class UploadStore:
    """Where uploads lie until somebody imports them."""

    def __init__(self, folder: str = "/srv/hub/uploads") -> None:
        self.folder = Path(folder)

    def receive(self, name: str, stream: BinaryIO) -> str:
        id = uuid.uuid4().hex
        safe = re.sub(r"[^\w.-]", "_", name)
        target = self.folder / id / safe
        target.parent.mkdir(parents=True)
        with target.open("wb") as out:
            while chunk := stream.read(65536):
                out.write(chunk)
        return id

    def path(self, id: str) -> Path:
        return next((self.folder / id).iterdir())

    def forget(self, id: str) -> None:
        path = self.path(id)
        path.unlink()
        path.parent.rmdir()
