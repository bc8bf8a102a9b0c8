import json


class DeployValues:
    def __init__(self, stage):
        self.stage = stage
        self.tree = {}

    def load_file(self, path):
        with open(path) as file:
            return json.load(file)

    def merge(self, values):
        for name, value in values.items():
            if isinstance(value, dict):
                self.tree.setdefault(name, {}).update(value)
            else:
                self.tree[name] = value

    def lookup(self, name, default=None):
        found = self.tree
        for part in name.split("."):
            if part not in found:
                return default
            found = found[part]
        return found

    def write(self, path):
        with open(path, "w") as file:
            json.dump(self.tree, file)
