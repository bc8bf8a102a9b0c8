from feedlib.records import ImportReport


class FakeImporter(object):
    def __init__(self, last=None):
        self.imported = []
        self.last = last

    def importFrom(self, source):
        self.imported.append(source)
        return ImportReport(source.id)

    def importAll(self):
        return []

    def lastRun(self):
        return self.last
