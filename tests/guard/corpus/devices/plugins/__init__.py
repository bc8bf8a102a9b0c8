from plugins.loader import PluginRegistry

plugins = PluginRegistry()
