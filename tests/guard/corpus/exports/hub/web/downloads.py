"""Views behind the button "Export"."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, jsonify, request, session

from hub.exporting import ExportRequest, Table, exporters
from hub.exporting.model import ExportError
from hub.exporting.plugins.around import RedactingExporter, ThrottledExporter

pages = Blueprint("downloads", __name__)


class DownloadCounter:
    """How often each download was fetched, read off the access log."""

    def __init__(self, path: str = "downloads.db") -> None:
        self.db = sqlite3.connect(path)
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS hits (id TEXT PRIMARY KEY, n INTEGER)"
        )

    def feed(self, line: str) -> None:
        if "GET /downloads/" in line:
            id = line.split("GET /downloads/")[1].split("/")[0]
            self.db.execute(
                "INSERT INTO hits VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1",
                [id],
            )
            self.db.commit()

    def top(self, limit: int = 10) -> list[tuple[str, int]]:
        return self.db.execute(
            "SELECT id, n FROM hits ORDER BY n DESC LIMIT ?", [limit]
        ).fetchall()


def exporter_for(role: str) -> Any:
    exporter = ThrottledExporter(exporters.create("file"))
    return exporter if role == "admin" else RedactingExporter(exporter)


@pages.post("/reports/<name>/export")
def export_report(name: str) -> Any:
    from hub.web.reports import run_report

    columns, rows = run_report(name, request.args)
    table = Table(name, columns, rows)
    try:
        download = exporter_for(session["role"]).export(
            ExportRequest(table, request.args.get("format", "xlsx"), session["user"])
        )
    except ExportError as error:
        return jsonify(error=str(error)), 422
    return jsonify(url=download.url, name=download.name, size=download.size)
