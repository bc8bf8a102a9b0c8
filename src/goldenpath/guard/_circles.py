"""Circles of imports through the modules that offer a concept.

Rule 1: a circle needs a way back. A module that imports two names of two others is
        none, whatever somebody called it.
Rule 2: what is imported inside a function, or for type checkers only, does not run
        when the module is loaded. Such circles are told apart.
Rule 3: to import ``a.b.c`` also runs ``a`` and ``a.b``, unless the importer is in them
        already. In ``a.d``, ``from a import b`` needs the module ``a.b`` and nothing
        that ``a`` itself defines.

The graph is first drawn from the bytes of the files, which shows too many edges and
never too few; only what stands on a circle there is parsed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from goldenpath.guard._project import Project
from goldenpath.guard._view import View

CircleKind = Literal["import-time", "deferred", "typing"]

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*)"
    rb"|import[ \t]+([^\n;#]+))",
    re.MULTILINE,
)
_AS = re.compile(r"\s+as\s+\w+")


@dataclasses.dataclass(frozen=True, slots=True)
class Edge:
    """One module imports another.

    Attributes:
        source: The importer's path.
        target: The path of what is imported.
        line: Where.
        kind: When it runs.
    """

    source: str
    target: str
    line: int
    kind: CircleKind


@dataclasses.dataclass(frozen=True, slots=True)
class Circle:
    """A shortest circle.

    Attributes:
        edges: From the first module all the way round to it.
        kind: The latest of its edges' kinds.
        opens: An edge without which no circle is left among these modules, if one is
            enough.
    """

    edges: tuple[Edge, ...]
    kind: CircleKind
    opens: Edge | None

    @property
    def paths(self) -> tuple[str, ...]:
        """The modules' files, in order."""
        return tuple(edge.source for edge in self.edges)


def circles(view: View) -> list[Circle]:
    """Return a shortest circle of each kind through the concept's modules."""
    project = view.project
    starts = list(
        dict.fromkeys(
            offered.path
            for offered in view.paths
            if offered.is_allowed or offered.uses or offered.kind != "from"
        )
    )
    sketch = _sketch(project, starts)
    on_circle = {path for component in _components(sketch) for path in component} & set(
        sketch
    )
    project.read(sorted(on_circle))
    edges = [
        edge
        for path in sorted(on_circle)
        for edge in imports_of(project, path)
        if edge.target in on_circle
    ]
    found: dict[frozenset[str], Circle] = {}
    kinds: tuple[CircleKind, ...] = ("import-time", "deferred", "typing")
    for index, kind in enumerate(kinds):
        counted = [edge for edge in edges if edge.kind in kinds[: index + 1]]
        for start in starts:
            shortest = _shortest(counted, start)
            if not shortest:
                continue
            key = frozenset(edge.source for edge in shortest)
            if key not in found:
                found[key] = Circle(shortest, kind, _opening(counted, shortest))
    # One that only adds a package's face to another says nothing new.
    return [
        circle
        for nodes, circle in found.items()
        if not any(other < nodes for other in found)
    ]


def imports_of(project: Project, path: str) -> Iterator[Edge]:
    """Yield the imports of a file that lead to files of the tree, each once a kind."""
    modules = project.modules
    seen: set[tuple[str, CircleKind]] = set()
    for binding in project.facts(path).bindings:
        if binding.kind not in ("from", "star", "import", "import_as"):
            continue
        kind: CircleKind = (
            "typing"
            if binding.is_typing
            else "deferred"
            if binding.scope and not _is_class_body(project, path, binding.scope)
            else "import-time"
        )
        module, _, member = binding.target.partition(":")
        name = modules.absolute(path, module, binding.level)
        names = _meant(project, path, name, [member] if member else [])
        for target in _files(project, path, names):
            if target != path and (target, kind) not in seen:
                seen.add((target, kind))
                yield Edge(path, target, binding.line, kind)


def _meant(project: Project, path: str, name: str, members: Sequence[str]) -> list[str]:
    """Return the modules that ``from name import members`` needs."""
    modules = project.modules
    children = [f"{name}.{member}" for member in members]
    is_inside = modules.name_of(path).startswith(f"{name}.")
    if (
        is_inside
        and children
        and all(modules.file_of(child, importer=path) for child in children)
    ):
        return children
    return [name, *children]


def _is_class_body(project: Project, path: str, scope: str) -> bool:
    return any(class_.qualified == scope for class_ in project.facts(path).classes)


def _files(project: Project, path: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the files that run when modules are imported."""
    modules = project.modules
    mine = modules.name_of(path)
    for name in names:
        parts = name.split(".")
        for index in range(1, len(parts) + 1):
            part = ".".join(parts[:index])
            is_whole = index == len(parts)
            if not is_whole and (mine == part or mine.startswith(part + ".")):
                continue
            target = modules.file_of(part, importer=path)
            if target is not None:
                yield target


def _sketch(project: Project, starts: Iterable[str]) -> dict[str, set[str]]:
    """Draw the graph of everything that can be reached, from the bytes alone."""
    graph: dict[str, set[str]] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in graph:
            continue
        targets = graph[path] = set(_sketched(project, path))
        waiting += targets - graph.keys()
    return graph


def _sketched(project: Project, path: str) -> Iterator[str]:
    for source, members, plain in _IMPORT.findall(project.content(path)):
        if plain:
            for one in _AS.sub("", plain.decode("utf-8", "replace")).split(","):
                yield from _files(project, path, [one.strip()])
            continue
        text = source.decode("utf-8", "replace")
        module = text.lstrip(".")
        name = project.modules.absolute(path, module, len(text) - len(module))
        if not name:
            continue
        listed = _AS.sub("", members.decode("utf-8", "replace"))
        ones = [o for o in re.split(r"[,\s()\\]+", listed) if o.isidentifier()]
        for target in _files(project, path, _meant(project, path, name, ones)):
            if target != path:
                yield target


def _components(graph: Mapping[str, set[str]]) -> Iterator[set[str]]:
    """Yield the strongly connected components of more than one node (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(graph.get(target, ()))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = set()
                    while True:
                        one = stack.pop()
                        on_stack.discard(one)
                        component.add(one)
                        if one == node:
                            break
                    if len(component) > 1:
                        yield component


def _shortest(edges: Iterable[Edge], start: str) -> tuple[Edge, ...]:
    """Return a shortest way from a module back to itself."""
    outgoing: dict[str, list[Edge]] = {}
    for edge in edges:
        outgoing.setdefault(edge.source, []).append(edge)
    came: dict[str, Edge] = {}
    level = [start]
    while level:
        further = []
        for node in level:
            for edge in outgoing.get(node, ()):
                if edge.target == start:
                    way = [edge]
                    while way[0].source != start:
                        way.insert(0, came[way[0].source])
                    return tuple(way)
                if edge.target not in came:
                    came[edge.target] = edge
                    further.append(edge.target)
        level = further
    return ()


def _opening(edges: Iterable[Edge], circle: tuple[Edge, ...]) -> Edge | None:
    """Return an edge whose removal leaves no circle among a circle's modules."""
    nodes = {edge.source for edge in circle}
    inner = [edge for edge in edges if edge.source in nodes and edge.target in nodes]

    def is_open_without(removed: Edge) -> bool:
        graph: dict[str, set[str]] = {node: set() for node in nodes}
        for edge in inner:
            if (edge.source, edge.target) != (removed.source, removed.target):
                graph[edge.source].add(edge.target)
        return not list(_components(graph))

    return _first(circle, is_open_without)


def _first(edges: Iterable[Edge], holds: Callable[[Edge], bool]) -> Edge | None:
    return next((edge for edge in edges if holds(edge)), None)
