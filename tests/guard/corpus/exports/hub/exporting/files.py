from __future__ import annotations

import datetime as dt
import re
import uuid
from pathlib import Path

from hub.exporting import writers as _formats  # noqa: F401  (registers them)
from hub.exporting.model import Download, ExportRequest, TooManyRows, UnknownFormat
from hub.exporting.registry import exporters, writers


@exporters.register("file")
class FileExporter:
    """Exports a table into a file under the downloads folder, and says its address.

    nginx serves the folder; ``sweep`` runs from cron every night.
    """

    def __init__(
        self,
        folder: str | Path = "/srv/hub/downloads",
        base_url: str = "/downloads",
        keep: dt.timedelta = dt.timedelta(days=7),
        max_rows: int = 1_000_000,
    ) -> None:
        self.folder = Path(folder)
        self.base_url = base_url.rstrip("/")
        self.keep = keep
        self.max_rows = max_rows

    def formats(self) -> list[str]:
        return list(writers)

    def export(self, request: ExportRequest) -> Download:
        if len(request.table.rows) > self.max_rows:
            raise TooManyRows(
                f"more than {self.max_rows} rows; please narrow the filter"
            )
        try:
            writer = writers.find(request.format)()
        except KeyError:
            raise UnknownFormat(request.format, self.formats()) from None
        id = uuid.uuid4().hex
        name = self.file_name(request) + writer.suffix
        target = self.folder / id / name
        target.parent.mkdir(parents=True)
        part = target.with_name(name + ".part")
        with part.open("wb") as out:
            writer.write(request.table, out, **request.options)
        part.rename(target)
        expires = dt.datetime.now(dt.UTC) + self.keep
        return Download(
            id, name, f"{self.base_url}/{id}/{name}", target.stat().st_size, expires
        )

    def file_name(self, request: ExportRequest) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", request.table.title.lower()).strip("-")
        return f"{slug or 'export'}-{dt.date.today():%Y-%m-%d}"

    def forget(self, download_id: str) -> None:
        folder = self.folder / download_id
        for file in folder.glob("*"):
            file.unlink()
        if folder.exists():
            folder.rmdir()

    def sweep(self) -> int:
        limit = dt.datetime.now().timestamp() - self.keep.total_seconds()
        old = [f.name for f in self.folder.iterdir() if f.stat().st_mtime < limit]
        for download_id in old:
            self.forget(download_id)
        return len(old)
