class DictLoader:
    def __init__(self, **values):
        self.values = values

    def load(self, *paths):
        return self

    def lookup(self, name, default=None):
        return self.values.get(name, default)

    def require(self, name):
        return self.values[name]
