import os


class EnvironmentSource:
    def __init__(self, prefix):
        self.prefix = prefix

    def load(self):
        return {
            name[len(self.prefix) :].lower(): value
            for name, value in os.environ.items()
            if name.startswith(self.prefix)
        }

    def lookup(self, name):
        return os.environ.get(self.prefix + name.upper())
