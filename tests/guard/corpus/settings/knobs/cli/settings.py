import os
import tomllib


class SettingsReader:
    def __init__(self):
        self.settings = {}

    def load_file(self, path):
        with open(path, "rb") as file:
            self.merge(tomllib.load(file))

    def merge(self, values):
        self.settings.update(values)

    def get_setting(self, name, default=None):
        found = self.settings
        for part in name.split("."):
            found = found.get(part, {})
        return found or os.environ.get(name.upper(), default)
