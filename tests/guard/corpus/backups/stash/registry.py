from importlib.metadata import entry_points


class PluginRegistry:
    """Plugins by kind and name. They register by decorator or by entry point."""

    def __init__(self):
        self._plugins = {}

    def register(self, kind, name):
        def wrap(cls):
            if (kind, name) in self._plugins:
                raise ValueError(
                    f"{kind}/{name} is taken by {self._plugins[kind, name]}"
                )
            self._plugins[kind, name] = cls
            cls.plugin_name = name
            return cls

        return wrap

    def get(self, kind, name):
        try:
            return self._plugins[kind, name]
        except KeyError:
            known = ", ".join(sorted(n for k, n in self._plugins if k == kind))
            raise LookupError(f"no {kind} {name!r}; there are: {known}") from None

    def create(self, kind, name, **options):
        return self.get(kind, name)(**options)

    def load_entry_points(self):
        for point in entry_points(group="stash.plugins"):
            point.load()


registry = PluginRegistry()
