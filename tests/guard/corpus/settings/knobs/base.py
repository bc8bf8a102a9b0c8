class BaseLoader:
    def load(self, *paths):
        raise NotImplementedError

    def lookup(self, name, default=None):
        raise NotImplementedError

    def require(self, name):
        """Return a value, or raise."""
        raise NotImplementedError

    def merge(self, values):
        raise NotImplementedError()
