class FallbackCatalog(object):
    def __init__(self, first, second):
        self.first = first
        self.second = second
        self.missing = set()

    def getMessage(self, key, values):
        if self.first.hasMessage(key):
            return self.first.getMessage(key, values)
        self.missing.add(key)
        return self.second.getMessage(key, values)

    def getPlural(self, key, count, values):
        chosen = self.first if self.first.hasMessage(key) else self.second
        return chosen.getPlural(key, count, values)

    def listKeys(self):
        return sorted(set(self.first.listKeys()) | set(self.second.listKeys()))
