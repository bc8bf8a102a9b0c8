"""Exports: a table of a report becomes a file that a person can download.

exporter = exporters.create("file")
download = exporter.export(ExportRequest(table, "xlsx", user="ada"))
download.url
"""

from hub.exporting.files import FileExporter
from hub.exporting.model import Download, ExportRequest, Table
from hub.exporting.registry import exporters, writers

__all__ = ["FileExporter", "Download", "ExportRequest", "Table", "exporters", "writers"]
