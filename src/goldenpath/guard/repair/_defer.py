"""Opens circles of imports, at an import that nobody needs while modules load.

Rule 1: a name that is read only inside of functions is imported there; one that only
        annotations read is imported for type checkers, if nobody evaluates them.
Rule 2: what is read while the module loads stays, and so does what is imported for its
        effect, what others take from here, and what a function needs that is called
        while the modules of the circle load.
Rule 3: the edge that the rule names comes first. Any other one that opens the circle
        by itself does as well.
"""

from __future__ import annotations

import ast
import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from goldenpath.guard._circles import Circle, Edge, circles, imports_of
from goldenpath.guard._project import Project
from goldenpath.guard._syntax import FUNCTIONS, dotted, is_docstring
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Change, Changes, Collector
from goldenpath.guard.repair._imports import added, removed
from goldenpath.guard.repair._move import is_taken_from
from goldenpath.guard.repair._places import Function, Places
from goldenpath.guard.repair._reach import replaced_at
from goldenpath.guard.repair._remove import times_bound
from goldenpath.guard.repair._source import Edit, EditError, Source, _says

_Import = ast.Import | ast.ImportFrom
# So many circles are opened at once; further ones by the next run.
_MOST = 50
# Packages that evaluate the annotations of what is handed to them.
_READERS = frozenset(
    (
        "attrs", "beartype", "blacksheep", "cattrs", "cyclopts", "dacite", "dishka",
        "fastapi", "injector", "lagom", "litestar", "marshmallow_dataclass", "msgspec",
        "ninja", "pydantic", "pydantic_settings", "sqlalchemy", "sqlmodel",
        "strawberry", "svcs", "typeguard", "typer",
    )
)  # fmt: skip
# Decorators and bases that leave annotations alone.
_HARMLESS = frozenset(
    (
        "abstractmethod", "asynccontextmanager", "cache", "cached_property",
        "classmethod", "contextmanager", "dataclass", "final", "fixture", "lru_cache",
        "override", "property", "setter", "staticmethod", "wraps",
    )
)  # fmt: skip
_PLAIN_BASES = frozenset(("object", "ABC", "Protocol", "Generic", "Exception"))
# What runs when a class is made, or one of its instances.
_MAKES = ("__init__", "__new__", "__post_init__", "__call__")
_ALWAYS = frozenset(("__init_subclass__", "__set_name__"))


def open_circles(view: View, began: View) -> Changes:
    """Open circles of imports where an import can wait (GP105).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    now = view
    contents: dict[str, bytes] = {}
    what: dict[str, list[str]] = defaultdict(list)
    for _ in range(_MOST):
        opened = _open_one(now)
        if opened is None:
            break
        path, content, said = opened
        contents[path] = content
        what[path] += said
        project = now.project.changed({path: content})
        now = View(project, view.concept, view.configuration)
    for path, content in sorted(contents.items()):
        before = view.project.content(path)
        phase.made.changes.append(Change(path, before, content, tuple(what[path])))
    for circle in now.once(circles):
        if circle.kind != "import-time":
            continue
        edge = circle.opens or circle.edges[0]
        why = "no single import opens this circle"
        if circle.opens is not None:
            try:
                _without(now, circle, edge)
            except EditError as error:
                why = str(error)
        phase.leave(edge.source, edge.line, why)
    return phase.made


def _open_one(view: View) -> tuple[str, bytes, list[str]] | None:
    for circle in view.once(circles):
        if circle.kind != "import-time" or circle.opens is None:
            continue
        for edge in dict.fromkeys((circle.opens, *circle.edges)):
            try:
                content, what = _without(view, circle, edge)
            except EditError:
                continue
            project = view.project.changed({edge.source: content})
            if _is_open(project, circle.paths):
                return edge.source, content, what
    return None


def _is_open(project: Project, paths: Iterable[str]) -> bool:
    """Tell whether no circle is left among some modules."""
    graph = _graph(project, set(paths))
    while ends := [path for path, targets in graph.items() if not targets]:
        graph = {
            path: targets - set(ends)
            for path, targets in graph.items()
            if path not in ends
        }
    return not graph


def _graph(project: Project, paths: set[str]) -> dict[str, set[str]]:
    return {
        path: {
            edge.target
            for edge in imports_of(project, path)
            if edge.kind == "import-time" and edge.target in paths
        }
        for path in paths
    }


def _without(view: View, circle: Circle, edge: Edge) -> tuple[bytes, list[str]]:
    """Return a file whose imports of another one all wait, and what was done.

    Raises:
        EditError: One of them cannot wait; the message says why.
    """
    project, path = view.project, edge.source
    content = project.content(path)
    what: list[str] = []
    while True:
        found = next(
            (
                one
                for one in imports_of(project, path)
                if (one.target, one.kind) == (edge.target, "import-time")
            ),
            None,
        )
        if found is None:
            return content, what
        deferral = _Deferral(view, circle, path, Source(content), found.line)
        content = deferral.source.edited(deferral.edits())
        what += deferral.what
        project = project.changed({path: content})


@dataclasses.dataclass(slots=True)
class _Need:
    """Who needs a name that an import binds.

    Attributes:
        functions: The outermost functions that read it.
        is_typing: Whether annotations do.
    """

    functions: dict[Function, None] = dataclasses.field(default_factory=dict)
    is_typing: bool = False


class _Deferral:
    """An import that is to wait.

    Args:
        view: The tree, for who takes names from the file.
        circle: The circle.
        path: The file.
        source: Its content.
        line: Where the import stands.

    Raises:
        EditError: It does not stand in the module's own block.
    """

    def __init__(
        self, view: View, circle: Circle, path: str, source: Source, line: int
    ) -> None:
        self.view, self.circle, self.path, self.source = view, circle, path, source
        self.places = Places(source.tree)
        self.what: list[str] = []
        statement = next(
            (
                node
                for node in source.tree.body
                if isinstance(node, _Import)
                and node.lineno <= line <= (node.end_lineno or line)
            ),
            None,
        )
        if statement is None:
            raise EditError(f"the import in line {line} stands under a condition")
        self.statement = statement
        self.are_texts = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in source.tree.body
        )

    def edits(self) -> list[Edit]:
        """Return the edits.

        Raises:
            EditError: The import cannot wait.
        """
        needs = {alias: self._need(alias) for alias in self.statement.names}
        inner: dict[Function, list[ast.alias]] = defaultdict(list)
        for alias, need in needs.items():
            for function in need.functions:
                inner[function].append(alias)
        self._require_later(inner)
        typing = [alias for alias, need in needs.items() if need.is_typing]
        edits = [self._inside(function, names) for function, names in inner.items()]
        edits += self._for_checkers(typing)
        where = [f"{function.name}()" for function in inner]
        where += ["type checkers"] if typing else []
        text = ast.unparse(self.statement)
        listed = ", ".join(where)
        self.what.append(f"line {self.statement.lineno}: {text} is left to {listed}")
        return edits

    # Who needs it.

    def _need(self, alias: ast.alias) -> _Need:
        name = alias.asname or alias.name
        if name == "*":
            raise EditError("nobody knows who needs what a star brings")
        first = name.partition(".")[0]
        is_shared = first != name and any(
            one is not self.statement
            and isinstance(one, ast.Import)
            and any(
                a.name.partition(".")[0] == first and not a.asname for a in one.names
            )
            for one in self.source.tree.body
        )
        if times_bound(self.source.tree, name) > 1 or (
            first != name and times_bound(self.source.tree, first)
        ):
            raise EditError(f"{name} is bound in several places")
        if not is_shared and is_taken_from(self.view, self.path, first):
            raise EditError(f"others take {first} from here")
        replaced = replaced_at(self.view, self.path, first)
        if replaced is not None:
            raise EditError(f"{replaced[0]}:{replaced[1]} replaces {first} here")
        need = _Need()
        for node in ast.walk(self.source.tree):
            if self._reads(node, name, first):
                self._note(need, node, name)
            elif (
                isinstance(node, ast.Name)
                and node.id == first != name
                and not is_shared
                and not self._is_in(node, name)
            ):
                raise EditError(f"{first} is read for more than {name}")
        if not need.functions and not need.is_typing:
            raise EditError(f"{name} is read nowhere: it is imported for its effect")
        return need

    def _reads(self, node: ast.AST, name: str, first: str) -> bool:
        if isinstance(node, ast.Constant):
            is_sentence = isinstance(self.places.parent(node), ast.Expr)
            return not is_sentence and _says(node, name)
        if first == name:
            return isinstance(node, ast.Name) and node.id == name
        return isinstance(node, ast.Attribute) and dotted(node) == name

    def _is_in(self, node: ast.Name, name: str) -> bool:
        return any(
            isinstance(parent, ast.Attribute) and dotted(parent) == name
            for _child, parent in self.places.above(node)
        )

    def _note(self, need: _Need, node: ast.AST, name: str) -> None:
        functions = self.places.functions(node)
        owner = self._annotated(node)
        is_text = isinstance(node, ast.Constant)
        # Nobody evaluates what stands at a local variable.
        is_local = isinstance(owner, ast.AnnAssign) and bool(functions)
        if owner is not None and (is_local or is_text or self.are_texts):
            if not is_local:
                self._require_unevaluated(owner, name)
            need.is_typing = True
        elif is_text and functions:
            need.is_typing = True  # ``cast("Name", x)``
        elif is_text:
            line = getattr(node, "lineno", 0)
            raise EditError(f"a string names {name} in line {line}")
        elif functions:
            need.functions[functions[-1]] = None
        else:
            line = getattr(node, "lineno", 0)
            raise EditError(f"{name} is read in line {line}, while the module loads")

    def _annotated(self, node: ast.AST) -> Function | ast.AnnAssign | None:
        """Return what a node is the annotation of, or is in that of."""
        for child, parent in self.places.above(node):
            match parent:
                case ast.AnnAssign() if child is parent.annotation:
                    return parent
                case ast.arg() if child is parent.annotation:
                    return next(
                        one
                        for _, one in self.places.above(parent)
                        if isinstance(one, FUNCTIONS)
                    )
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    return parent if child is parent.returns else None
        return None

    def _require_unevaluated(self, owner: Function | ast.AnnAssign, name: str) -> None:
        """Refuse annotations that something may evaluate.

        Raises:
            EditError: It may.
        """
        class_ = next(
            (p for _, p in self.places.above(owner) if isinstance(p, ast.ClassDef)),
            None,
        )
        decorators = [] if class_ is None else list(class_.decorator_list)
        if isinstance(owner, FUNCTIONS):
            decorators += owner.decorator_list
        wrong = [
            text
            for one in decorators
            if (text := dotted(one).removesuffix("()").rpartition(".")[2])
            not in _HARMLESS
        ]
        if isinstance(owner, ast.AnnAssign) and class_ is not None:
            wrong += [
                text
                for one in class_.bases
                if (text := dotted(one).rpartition(".")[2]) not in _PLAIN_BASES
            ]
        if wrong:
            raise EditError(f"{wrong[0]} may evaluate annotations, which name {name}")
        names = [
            one.name
            for one in (owner, class_)
            if isinstance(one, (*FUNCTIONS, ast.ClassDef))
        ]
        for path in (self.path, *self.view.mentioning(names)):
            reader = _reader(self.view, path)
            if reader:
                raise EditError(
                    f"{reader} in {path} may evaluate annotations, which name {name}"
                )

    def _require_later(self, functions: Mapping[Function, object]) -> None:
        """Refuse functions that are called while the circle loads.

        Raises:
            EditError: One of them may be.
        """
        if not functions:
            return
        called = _called_while_loading(self.view.project, self.path)
        for function in functions:
            if function.name in called:
                raise EditError(
                    f"{function.name}() may be called while the modules load"
                )

    # Where it goes.

    def _written(self, names: Sequence[ast.alias]) -> str:
        clauses = ", ".join(ast.unparse(alias) for alias in names)
        if isinstance(self.statement, ast.Import):
            return f"import {clauses}"
        module = "." * self.statement.level + (self.statement.module or "")
        return f"from {module} import {clauses}"

    def _inside(self, function: Function, names: Sequence[ast.alias]) -> Edit:
        """Return the edit that puts an import first in a function."""
        source, written = self.source, self._written(names).encode()
        body = function.body
        first = body[1] if is_docstring(body[0]) and len(body) > 1 else body[0]
        decorators = getattr(first, "decorator_list", ())
        start = source.start(first)
        if decorators:
            start = source.line_start(source.start(decorators[0]))
            start += len(source.indent(first) or b"")
        line = source.line_start(start)
        indent = source.bytes[line:start]
        if indent.strip():
            return Edit(start, start, written + b"; ")
        return Edit(line, line, indent + written + source.newline(line))

    def _for_checkers(self, names: Sequence[ast.alias]) -> Iterator[Edit]:
        """Yield the edits that leave some names to type checkers, or to nobody."""
        source, statement = self.source, self.statement
        if not names:
            yield removed(source, statement)
            return
        written = self._written(names)
        block = next(
            (
                node
                for node in source.tree.body
                if isinstance(node, ast.If)
                and dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING"
            ),
            None,
        )
        if block is not None:
            yield added(source, block.body[-1], written)
            yield removed(source, statement)
            return
        if not source.stands_alone(statement):
            raise EditError(f"line {statement.lineno} has several statements")
        newline = source.newline(source.start(statement)).decode()
        lines = ["if TYPE_CHECKING:", f"    {written}"]
        if not times_bound(source.tree, "TYPE_CHECKING"):
            lines = ["from typing import TYPE_CHECKING", "", *lines]
        span = (source.start(statement), source.end(statement))
        yield Edit(*span, newline.join(lines).encode())


def _reader(view: View, path: str) -> str:
    """Return what a file has that may evaluate annotations, or ``""``."""
    for binding in view.facts(path).bindings:
        if binding.kind in ("from", "import", "import_as") and not binding.level:
            first = binding.target.partition(":")[0].partition(".")[0]
            if first in _READERS:
                return first
    has_it = b"get_type_hints" in view.project.content(path)
    return "get_type_hints" if has_it else ""


# What runs while modules load.


def _called_while_loading(project: Project, path: str) -> set[str]:
    """Return the names of what may be called while a file's circles load.

    Functions are told by their names alone, wherever they are defined, and whatever is
    handed to a call counts as called: these are rather too many than too few.
    """
    trees = [
        Source(project.content(one)).tree for one in sorted(_component(project, path))
    ]
    defined: dict[str, list[Function]] = defaultdict(list)
    renamed: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                defined[node.name].append(node)
            elif isinstance(node, ast.ClassDef):
                defined[node.name] += [
                    one
                    for one in node.body
                    if isinstance(one, FUNCTIONS) and one.name in _MAKES
                ]
            elif isinstance(node, ast.alias) and node.asname:
                renamed[node.asname].add(node.name.rpartition(".")[2])
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    last = dotted(target).rpartition(".")[2]
                    renamed[last].add(dotted(node.value).rpartition(".")[2])
    waiting = {*_ALWAYS, *(name for tree in trees for name in _calls(tree.body))}
    called: set[str] = set()
    while waiting:
        name = waiting.pop()
        called.add(name)
        waiting |= renamed[name] - called
        for function in defined[name]:
            called.add(function.name)
            waiting |= set(_calls(function.body)) - called
    return called


def _component(project: Project, path: str) -> set[str]:
    """Return the files that load a file and are loaded by it, itself among them."""
    importers: dict[str, set[str]] = defaultdict(set)
    seen, waiting = {path}, [path]
    while waiting:
        source = waiting.pop()
        for edge in imports_of(project, source):
            if edge.kind == "import-time":
                importers[edge.target].add(source)
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
    found, waiting = {path}, [path]
    while waiting:
        new = importers[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _calls(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the last names of what a block calls, decorates with, or hands over."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "__name__" in ast.dump(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            for decorator in node.decorator_list:
                yield dotted(decorator).rpartition(".")[2]
        if isinstance(node, FUNCTIONS):
            waiting += [*node.decorator_list, node.args]
            continue
        if isinstance(node, ast.Call):
            handed = (node.func, *node.args, *(one.value for one in node.keywords))
            for one in handed:
                yield dotted(one).rpartition(".")[2]
        waiting += ast.iter_child_nodes(node)
