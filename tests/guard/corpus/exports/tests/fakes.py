import datetime as dt

from hub.exporting.model import Download, ExportRequest


class RecordingExporter:
    """Writes nothing, and remembers what it was asked for."""

    def __init__(self):
        self.requests: list[ExportRequest] = []
        self.forgotten: list[str] = []

    def export(self, request):
        self.requests.append(request)
        id = str(len(self.requests))
        return Download(
            id, request.table.title, f"http://test/{id}/x", 0, dt.datetime.max
        )

    def formats(self):
        return ["csv"]

    def forget(self, download_id):
        self.forgotten.append(download_id)
