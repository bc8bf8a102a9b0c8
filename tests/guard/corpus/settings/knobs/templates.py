import os
import string


class TemplateLoader:
    def __init__(self, folders):
        self.folders = list(folders)
        self.compiled = {}

    def load(self, name):
        if name not in self.compiled:
            with open(self.lookup(name)) as file:
                self.compiled[name] = string.Template(file.read())
        return self.compiled[name]

    def lookup(self, name):
        for folder in self.folders:
            path = os.path.join(folder, name)
            if os.path.exists(path):
                return path
        raise FileNotFoundError(name)

    def watch(self):
        self.compiled.clear()

    def render(self, name, **values):
        return self.load(name).substitute(values)
