"""The SOAP interface of 2014. Two customers still call it."""

from spyne import Application, ServiceBase, Unicode, rpc

from hub.exporting import ExportRequest, Table, exporters
from hub.web.reports import run_report


class ReportFileGateway:
    """GetReportFile of the old interface, passed on to the file exporter."""

    FORMATS = {"EXCEL": "xlsx", "TEXT": "csv"}

    def __init__(self, exporter=None):
        self.exporter = exporter or exporters.create("file")

    def GetReportFile(self, reportName, formatCode, clientId):
        columns, rows = run_report(reportName, {})
        request = ExportRequest(
            Table(reportName, columns, rows), self.FORMATS[formatCode], clientId
        )
        return self.exporter.export(request).url

    def RemoveReportFile(self, url):
        self.exporter.forget(url.split("/")[-2])


class ReportService(ServiceBase):
    @rpc(Unicode, Unicode, Unicode, _returns=Unicode)
    def GetReportFile(ctx, reportName, formatCode, clientId):
        return ReportFileGateway().GetReportFile(reportName, formatCode, clientId)


application = Application([ReportService], tns="hub.reports")
