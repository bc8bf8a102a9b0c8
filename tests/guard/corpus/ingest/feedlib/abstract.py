class AbstractImporter(object):
    """What the scheduler can run. Subclasses override everything here."""

    def importFrom(self, source):
        raise NotImplementedError

    def importAll(self):
        raise NotImplementedError

    def lastRun(self):
        raise NotImplementedError
