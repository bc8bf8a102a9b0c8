class Counters:
    """The first metrics registry."""

    def __init__(self):
        self.values = {}

    def increment(self, name, by=1):
        self.values[name] = self.values.get(name, 0) + by

    def expose(self):
        return "\n".join("%s %s" % pair for pair in sorted(self.values.items()))

    def reset(self):
        self.values = {}
