class StubCatalog(object):
    def __init__(self, **messages):
        self.messages = messages

    def hasMessage(self, key):
        return True

    def getMessage(self, key, values):
        return self.messages.get(key, key)

    def getPlural(self, key, count, values):
        return key
