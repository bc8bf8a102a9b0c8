class NoMetrics:
    def increment(self, name, by=1, **labels):
        pass

    def set_gauge(self, name, value, **labels):
        pass

    def observe(self, name, value, **labels):
        pass

    def expose(self):
        return ""
