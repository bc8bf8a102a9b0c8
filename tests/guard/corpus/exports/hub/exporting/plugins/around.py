"""Plugins that go around an exporter."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from typing import Any

from hub.exporting.files import FileExporter
from hub.exporting.model import Download, Exporter, ExportError, ExportRequest


class ThrottledExporter:
    """No more than so many exports an hour for each user."""

    def __init__(self, exporter: Exporter, per_hour: int = 20) -> None:
        self._exporter = exporter
        self._per_hour = per_hour
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def export(self, request: ExportRequest) -> Download:
        seen = self._seen[request.user]
        now = time.monotonic()
        while seen and seen[0] < now - 3600:
            seen.popleft()
        if len(seen) >= self._per_hour:
            raise ExportError("too many exports; try again in an hour")
        seen.append(now)
        return self._exporter.export(request)

    def formats(self) -> list[str]:
        return self._exporter.formats()

    def forget(self, download_id: str) -> None:
        self._exporter.forget(download_id)


class RedactingExporter:
    """Takes the personal columns out before it hands the table on."""

    private = ("email", "phone", "birthday", "iban")

    def __init__(self, exporter: Exporter) -> None:
        self._exporter = exporter

    def export(self, request: ExportRequest) -> Download:
        table = request.table.without(*self.private)
        return self._exporter.export(
            ExportRequest(table, request.format, request.user, request.options)
        )

    def formats(self) -> list[str]:
        return self._exporter.formats()

    def forget(self, download_id: str) -> None:
        self._exporter.forget(download_id)


class CustomerFileExporter(FileExporter):
    """File names as the big customer wants them."""

    def __init__(self, customer: str, **options: Any) -> None:
        super().__init__(**options)
        self.customer = customer

    def file_name(self, request: ExportRequest) -> str:
        return f"{self.customer}_{super().file_name(request)}_v1".upper()
