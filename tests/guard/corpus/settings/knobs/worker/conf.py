import os


class WorkerConfig:
    def __init__(self):
        self.values = {}

    def load(self):
        for name, value in os.environ.items():
            if name.startswith("WORKER_"):
                self.values[name[7:].lower()] = value
        return self

    def lookup(self, name, default=None):
        return self.values.get(name, default)

    def require(self, name):
        if name not in self.values:
            raise SystemExit(f"WORKER_{name.upper()} is missing")
        return self.values[name]
