import configparser
import sys

from feedlib.setup import ImporterFactory
from stock.ediintake import EdiIntake


class SupplierSync(object):
    """The scheduler's view of the importer: by supplier number, yes or no."""

    def __init__(self, importer, sources):
        self.importer = importer
        self.sourcesList = sources

    def sync(self, supplierId):
        ok = True
        for source in self.sourcesList:
            if source.supplierId == supplierId:
                ok = self.importer.importFrom(source).inserted >= 0 and ok
        return ok

    def due(self, now):
        last = self.importer.lastRun()
        return last is None or now - last > 86400


def main():
    config = configparser.ConfigParser()
    config.read("/etc/parts.ini")
    for report in ImporterFactory(config).makeImporter().importAll():
        print(report)
    EdiIntake(config.get("edi", "drop")).processAll()


if __name__ == "__main__":
    sys.exit(main())
