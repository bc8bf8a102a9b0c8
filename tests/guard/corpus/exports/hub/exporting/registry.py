from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from hub.exporting.model import Exporter

T = TypeVar("T")


class Registry(Generic[T]):
    """Names for classes, filled by a decorator and by entry points."""

    def __init__(self, group: str) -> None:
        self.group = group
        self._entries: dict[str, type[T]] = {}
        self._loaded = False

    def register(self, name: str) -> Callable[[type[T]], type[T]]:
        def keep(cls: type[T]) -> type[T]:
            if name in self._entries:
                raise ValueError(
                    f"{self.group}: {name} is taken by {self._entries[name]}"
                )
            self._entries[name] = cls
            return cls

        return keep

    def _load(self) -> None:
        if not self._loaded:
            self._loaded = True
            for point in entry_points(group=self.group):
                self._entries.setdefault(point.name, point.load())

    def find(self, name: str) -> type[T]:
        self._load()
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._entries))


class ExporterRegistry(Registry[Exporter]):
    """Makes exporters by name, with the options of the site's settings."""

    def __init__(self, group: str = "hub.exporters") -> None:
        super().__init__(group)
        self.options: dict[str, dict[str, Any]] = {}

    def configure(self, settings: dict[str, dict[str, Any]]) -> None:
        self.options.update(settings)

    def create(self, name: str, **options: Any) -> Exporter:
        merged = {**self.options.get(name, {}), **options}
        return self.find(name)(**merged)


exporters = ExporterRegistry()
writers: Registry[Any] = Registry("hub.export_writers")
