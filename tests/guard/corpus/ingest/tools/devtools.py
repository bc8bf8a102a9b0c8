import importlib
import os
import pkgutil
import subprocess

from tools.bulk import BulkImport


class PluginImporter(object):
    """Imports all Python modules of a package, so that their registrations run."""

    def __init__(self, package):
        self.package = package
        self.loaded = {}

    def importFrom(self, name):
        self.loaded[name] = importlib.import_module("%s.%s" % (self.package, name))
        return self.loaded[name]

    def importAll(self):
        package = importlib.import_module(self.package)
        return [
            self.importFrom(name)
            for _, name, _ in pkgutil.iter_modules(package.__path__)
        ]


class DumpLoader(object):
    """Restores last night's dump of production into a developer's database."""

    def __init__(self, dbName, dumpDir="/mnt/backup/parts"):
        self.dbName = dbName
        self.dumpDir = dumpDir

    def latest(self):
        return max(os.path.join(self.dumpDir, n) for n in os.listdir(self.dumpDir))

    def load(self, path=None):
        subprocess.check_call(["dropdb", "--if-exists", self.dbName])
        subprocess.check_call(["createdb", self.dbName])
        subprocess.check_call(["pg_restore", "-d", self.dbName, path or self.latest()])


def yearly(dsn):
    mapping = {"partNo": "ARTNR", "title": "BEZ", "price": "EK"}
    return BulkImport(dsn).importZip("/mnt/transfer/jahr.zip", 9, mapping)
