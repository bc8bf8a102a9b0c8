class FeedImportError(Exception):
    pass


class BadRow(FeedImportError):
    def __init__(self, lineNo, why):
        FeedImportError.__init__(self, "line %s: %s" % (lineNo, why))
        self.lineNo = lineNo
        self.why = why
