"""Plugin: export straight into a spreadsheet on Google Drive."""

from __future__ import annotations

import datetime as dt

import gspread

from hub.exporting.model import Download, ExportError, ExportRequest
from hub.exporting.registry import exporters


@exporters.register("gsheet")
class GoogleSheetExporter:
    def __init__(self, credentials: str, share_domain: str) -> None:
        self._client = gspread.service_account(credentials)
        self._domain = share_domain

    def formats(self) -> list[str]:
        return ["gsheet"]

    def export(self, request: ExportRequest) -> Download:
        try:
            book = self._client.create(request.table.title)
            sheet = book.sheet1
            sheet.append_row(list(request.table.columns))
            sheet.append_rows([list(row) for row in request.table.rows])
            book.share(
                f"{request.user}@{self._domain}", perm_type="user", role="writer"
            )
        except gspread.exceptions.APIError as error:
            raise ExportError(f"Google said: {error}") from error
        return Download(book.id, request.table.title, book.url, 0, dt.datetime.max)

    def forget(self, download_id: str) -> None:
        self._client.del_spreadsheet(download_id)
