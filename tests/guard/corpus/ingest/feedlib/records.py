import time


class FeedSource(object):
    """Row of table feed_source: where a supplier leaves its file and what is in it."""

    __slots__ = ("id", "supplierId", "url", "format", "mapping", "active")

    def __init__(self, id, supplierId, url, format, mapping, active=1):
        self.id = id
        self.supplierId = supplierId
        self.url = url
        self.format = format
        self.mapping = mapping
        self.active = active


class ImportReport(object):
    def __init__(self, sourceId):
        self.sourceId = sourceId
        self.started = time.time()
        self.inserted = 0
        self.updated = 0
        self.rejected = []

    def total(self):
        return self.inserted + self.updated + len(self.rejected)

    def __str__(self):
        return "source %s: %d new, %d changed, %d rejected" % (
            self.sourceId,
            self.inserted,
            self.updated,
            len(self.rejected),
        )
