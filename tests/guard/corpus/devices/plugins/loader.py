import glob
import imp
import os

from hub import config


class PluginRegistry(object):
    """Registry of the plugins and whether they are switched on."""

    def __init__(self):
        self._plugins = {}
        self._enabled = {}

    def register(self, name, cls):
        self._plugins[name] = cls
        self._enabled.setdefault(name, True)

    def unregister(self, name):
        del self._plugins[name]
        del self._enabled[name]

    def get(self, name):
        return self._plugins[name]

    def setState(self, name, enabled):
        self._enabled[name] = enabled

    def getState(self, name):
        return self._enabled.get(name, False)

    def loadAll(self, directory=config.PLUGIN_DIR):
        for path in sorted(glob.glob(os.path.join(directory, "*.py"))):
            name = os.path.splitext(os.path.basename(path))[0]
            module = imp.load_source("plugin_" + name, path)
            self.register(name, module.Plugin)
