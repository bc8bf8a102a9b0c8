"""Which file an import means: names of modules, source roots, namespace packages.

A tree may have several roots (``src``, ``services/a``, a folder of scripts), and one
file may be importable under several names. Which file a name means is decided as seen
from the importer: the root that is nearest to it wins.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence


class Modules:
    """The modules of a tree.

    Args:
        paths: The Python files, from the root of the tree.
        roots: Source roots that were configured; more are found.
        package: The package that the root of the tree itself is, if it is one.
    """

    def __init__(
        self, paths: Iterable[str], *, roots: Sequence[str] = (), package: str = ""
    ) -> None:
        self._paths = frozenset(paths)
        self._package = package
        self._packages = {
            posixpath.dirname(path)
            for path in self._paths
            if posixpath.basename(path) == "__init__.py"
        }
        self._given = [root.strip("/").removeprefix("./") for root in roots]
        self.roots = self._find_roots()
        self._order = {root: place for place, root in enumerate(self.roots)}
        self._by_name: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._name_of: dict[str, str] = {}
        self._prefixes: dict[str, set[str]] = defaultdict(set)
        for path in sorted(self._paths):
            self._register(path)

    def name_of(self, path: str) -> str:
        """Return the name under which a file is best known; ``""`` if it has none."""
        return self._name_of.get(path, "")

    def names_of(self, path: str) -> tuple[str, ...]:
        """Return all names under which a file can be imported."""
        return tuple(
            name
            for root in self.roots
            if (name := self._name(path, root)) and (root, path) in self._by_name[name]
        )

    def file_of(self, name: str, *, importer: str = "") -> str | None:
        """Return the file that a module's name means, seen from an importer."""
        found = self._by_name.get(name)
        if not found:
            return None
        if len(found) == 1:
            return found[0][1]
        return max(found, key=lambda one: (_nearness(one[0], importer), -len(one[0])))[
            1
        ]

    def trust(self, path: str, name: str) -> None:
        """Take a person's word for the name of a file.

        In a package without files of its own (PEP 420) a path does not tell where names
        begin; one name that is known does, for all that lies beside it.
        """
        if self._name_of.get(path) == name:
            return
        for root in self._above(path):
            if self._name(path, root) == name:
                top = posixpath.join(root, name.partition(".")[0]) + "/"
                for other in self._paths:
                    if other.startswith(top) and (known := self._name(other, root)):
                        self._name_of[other] = known
                return

    def is_package(self, name: str) -> bool:
        """Tell whether something of the tree can be imported from below a name."""
        return name in self._prefixes

    def is_own(self, name: str) -> bool:
        """Tell whether a module's name begins in this tree."""
        first = name.partition(".")[0]
        return first in self._prefixes or first in self._by_name

    def children(self, name: str) -> frozenset[str]:
        """Return the names of what can be imported from a package."""
        return frozenset(self._prefixes.get(name, ()))

    def package_of(self, path: str) -> str:
        """Return the package that relative imports of a file start from."""
        return next(self._packages_of(path), "")

    def _packages_of(self, path: str) -> Iterator[str]:
        """Yield all names of the package that a file is in, the best known first."""
        folder, name = posixpath.split(path)
        names = [self.name_of(path), *sorted(self.names_of(path), key=len)]
        if name == "__init__.py":
            yield from filter(None, names)
        elif any(names):
            yield from (one.rpartition(".")[0] for one in names if one)
        elif folder in self._packages:
            # No import can name ``0002_more.py``, but it may import its neighbours.
            yield from self._packages_of(posixpath.join(folder, "__init__.py"))

    def absolute(self, path: str, module: str, level: int) -> str:
        """Return the absolute name of what a file imports; ``""`` beyond the top."""
        if not level:
            return module
        # Who goes up further than the best known name allows has a longer one.
        for package in self._packages_of(path):
            parts = package.split(".") if package else []
            if level <= len(parts):
                base = parts[: len(parts) - (level - 1)]
                return ".".join((*base, module)) if module else ".".join(base)
        return ""

    def _find_roots(self) -> list[str]:
        found = dict.fromkeys(self._given)
        tops = {path: self._top(path) for path in self._paths}
        # Those of packages first, then usual ones, then where people start things,
        # then folders of scripts, which import each other by their bare names.
        for path, top in tops.items():
            if posixpath.dirname(path) != top:
                found.setdefault(top)
        for root in ("src", "lib", "python"):
            if any(path.startswith(root + "/") for path in self._paths):
                found.setdefault(root)
        found.setdefault("")
        for top in sorted(tops.values()):
            found.setdefault(top)
        return list(found)

    def _register(self, path: str) -> None:
        names = {
            root: name for root in self._above(path) if (name := self._name(path, root))
        }
        for root, name in names.items():
            self._by_name[name].append((root, path))
            parts = name.split(".")
            for index in range(1, len(parts)):
                self._prefixes[".".join(parts[:index])].add(parts[index])
        best = [
            root for root in (*self._given, self._top(path), *names) if root in names
        ]
        self._name_of[path] = names[best[0]] if best else ""

    def _name(self, path: str, root: str) -> str:
        name = _name(path, root)
        if root or not self._package:
            return name
        is_itself = path == "__init__.py"
        return self._package if is_itself else name and f"{self._package}.{name}"

    def _above(self, path: str) -> list[str]:
        """Return the roots that a file is below, in the order of all roots."""
        folders = {""}
        index = path.find("/")
        while index >= 0:
            folders.add(path[:index])
            index = path.find("/", index + 1)
        found = folders & self._order.keys()
        return sorted(found, key=self._order.__getitem__)

    def _top(self, path: str) -> str:
        """Return the folder that holds a file's outermost package."""
        folder = posixpath.dirname(path)
        while folder in self._packages and folder:
            folder = posixpath.dirname(folder)
        return folder


def _name(path: str, root: str) -> str:
    if root:
        if not path.startswith(root + "/"):
            return ""
        path = path[len(root) + 1 :]
    parts = path.removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    if not parts or not all(part.isidentifier() for part in parts):
        return ""
    return ".".join(parts)


def _nearness(root: str, importer: str) -> int:
    """Return how many folders a root shares with an importer; -1 if it is elsewhere."""
    if not root:
        return 0
    if importer.startswith(root + "/"):
        return root.count("/") + 1
    return -1
