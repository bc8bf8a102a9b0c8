class FrozenConfig:
    def __init__(self, loader):
        self._loader = loader

    def __getitem__(self, name):
        return self._loader.require(name)

    def lookup(self, name, default=None):
        return self._loader.lookup(name, default)

    def require(self, name):
        return self._loader.require(name)

    def number(self, name):
        return int(self._loader.require(name))
