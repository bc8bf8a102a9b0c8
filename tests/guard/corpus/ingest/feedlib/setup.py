import psycopg2

from feedlib.delta import DeltaFeedImporter
from feedlib.guards import LockedImporter
from feedlib.importer import FeedImporter


class ImporterFactory(object):
    def __init__(self, config):
        self.config = config

    def connect(self):
        return psycopg2.connect(self.config.get("db", "dsn"))

    def makeImporter(self, digests=None):
        if digests is not None:
            return LockedImporter(DeltaFeedImporter(self.connect(), digests))
        return LockedImporter(FeedImporter(self.connect()))
