import pytest

from hub.exporting import ExportRequest, FileExporter, Table, exporters
from hub.exporting.model import Exporter, ExportError, TooManyRows, UnknownFormat
from hub.exporting.plugins.around import (
    CustomerFileExporter,
    RedactingExporter,
    ThrottledExporter,
)
from hub.legacy.soap import ReportFileGateway
from tests.fakes import RecordingExporter

TABLE = Table("Open Orders", ["id", "email"], [[1, "a@b.c"], [2, "d@e.f"]])


def test_csv(tmp_path):
    download = FileExporter(tmp_path).export(ExportRequest(TABLE, "csv", "ada"))
    text = (tmp_path / download.id / download.name).read_text("utf-8-sig")
    assert text.splitlines() == ["id,email", "1,a@b.c", "2,d@e.f"]
    assert download.url.startswith("/downloads/")


def test_refusals(tmp_path):
    with pytest.raises(UnknownFormat):
        FileExporter(tmp_path).export(ExportRequest(TABLE, "wks", "ada"))
    with pytest.raises(TooManyRows):
        FileExporter(tmp_path, max_rows=1).export(ExportRequest(TABLE, "csv", "ada"))


def test_registry(tmp_path):
    assert isinstance(exporters.create("file", folder=tmp_path), Exporter)


def test_redacts():
    inner = RecordingExporter()
    RedactingExporter(inner).export(ExportRequest(TABLE, "csv", "ada"))
    assert inner.requests[0].table.columns == ["id"]


def test_throttles():
    exporter = ThrottledExporter(RecordingExporter(), per_hour=1)
    exporter.export(ExportRequest(TABLE, "csv", "ada"))
    with pytest.raises(ExportError):
        exporter.export(ExportRequest(TABLE, "csv", "ada"))


def test_customer_name(tmp_path):
    exporter = CustomerFileExporter("acme", folder=tmp_path)
    assert exporter.file_name(ExportRequest(TABLE, "csv", "x")).startswith(
        "ACME_OPEN-ORDERS"
    )


def test_soap_forgets():
    inner = RecordingExporter()
    ReportFileGateway(inner).RemoveReportFile("http://test/7/open.csv")
    assert inner.forgotten == ["7"]
