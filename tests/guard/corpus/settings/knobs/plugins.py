import importlib
import importlib.util
import os


class PluginLoader:
    def __init__(self, group):
        self.group = group
        self.plugins = {}
        self.times = {}

    def load(self, name):
        self.plugins[name] = importlib.import_module(f"{self.group}.{name}")
        return self.plugins[name]

    def load_file(self, path):
        name = os.path.basename(path).removesuffix(".py")
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.times[path] = os.path.getmtime(path)
        self.plugins[name] = module
        return module

    def watch(self):
        for path, then in self.times.items():
            if os.path.getmtime(path) > then:
                self.load_file(path)

    def call(self, hook, *args):
        for plugin in self.plugins.values():
            if hasattr(plugin, hook):
                getattr(plugin, hook)(*args)
