class AbstractCatalog(object):
    def __init__(self, locale):
        self.locale = locale
        self.messages = {}

    def hasMessage(self, key):
        return key in self.messages
