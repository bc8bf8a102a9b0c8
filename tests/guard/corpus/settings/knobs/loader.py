import json
import os
import tomllib

from knobs.errors import ConfigMissing
from knobs.sources import EnvironmentSource


class ConfigLoader:
    """Files, then the environment: the last one that says something counts."""

    def __init__(self, prefix="APP_"):
        self.values = {}
        self.environment = EnvironmentSource(prefix)
        self._watched = {}

    def load(self, *paths):
        for path in paths:
            self.merge(self.load_file(path))
        self.merge(self.environment.load())
        return self

    def load_file(self, path):
        self._watched[path] = os.path.getmtime(path)
        with open(path, "rb") as file:
            return json.load(file) if path.endswith(".json") else tomllib.load(file)

    def merge(self, values):
        for name, value in values.items():
            if isinstance(value, dict) and isinstance(self.values.get(name), dict):
                self.values[name].update(value)
            else:
                self.values[name] = value

    def lookup(self, name, default=None):
        found = self.values
        for part in name.split("."):
            if not isinstance(found, dict) or part not in found:
                return default
            found = found[part]
        return found

    def require(self, name):
        found = self.lookup(name)
        if found is None:
            raise ConfigMissing(name)
        return found

    def watch(self):
        return [p for p, then in self._watched.items() if os.path.getmtime(p) > then]
