import fcntl
import time


class LockedImporter(object):
    """One import at a time per machine, whichever importer is inside."""

    def __init__(self, importer, lockFile="/var/lock/feeds"):
        self.importer = importer
        self.lockFile = lockFile

    def importFrom(self, source):
        with open(self.lockFile, "w") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            return self.importer.importFrom(source)

    def importAll(self):
        with open(self.lockFile, "w") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            return self.importer.importAll()

    def lastRun(self):
        return self.importer.lastRun()


class TimedImporter(object):
    def __init__(self, inner, statsd):
        self.inner = inner
        self.statsd = statsd

    def importFrom(self, source):
        t = time.time()
        try:
            return self.inner.importFrom(source)
        finally:
            self.statsd.timing("feeds.%s" % source.id, (time.time() - t) * 1000)

    def importAll(self):
        return [self.importFrom(s) for s in self.inner.sources()]

    def lastRun(self):
        return self.inner.lastRun()
