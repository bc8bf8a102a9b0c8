"""The formats of the file exporter. A plugin can register more."""

from __future__ import annotations

import csv
import html
import io
from typing import BinaryIO

import openpyxl

from hub.exporting.model import Table
from hub.exporting.registry import writers


@writers.register("csv")
class CsvWriter:
    suffix = ".csv"

    def write(self, table: Table, out: BinaryIO, delimiter: str = ",") -> None:
        text = io.TextIOWrapper(
            out, encoding="utf-8-sig", newline="", write_through=True
        )
        lines = csv.writer(text, delimiter=delimiter)
        lines.writerow(table.columns)
        lines.writerows(table.rows)
        text.detach()


@writers.register("xlsx")
class XlsxWriter:
    suffix = ".xlsx"

    def write(self, table: Table, out: BinaryIO, freeze: bool = True) -> None:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(table.title[:31])
        if freeze:
            sheet.freeze_panes = "A2"
        sheet.append(list(table.columns))
        for row in table.rows:
            sheet.append(list(row))
        book.save(out)


@writers.register("html")
class HtmlWriter:
    suffix = ".html"

    def write(self, table: Table, out: BinaryIO) -> None:
        cells = "".join(f"<th>{html.escape(column)}</th>" for column in table.columns)
        out.write(
            f"<h1>{html.escape(table.title)}</h1><table><tr>{cells}</tr>".encode()
        )
        for row in table.rows:
            cells = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
            out.write(f"<tr>{cells}</tr>".encode())
        out.write(b"</table>")
