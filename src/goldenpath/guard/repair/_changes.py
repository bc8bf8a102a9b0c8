"""What a repair changes in each file, and what it leaves to a person.

Rule 1: what a name stands for is asked of the resolver; nothing is replaced because it
        is spelled like something.
Rule 2: a local name stays. Who moves an import changes no line below it.
Rule 3: what is not certain is left, and listed with its reason.
"""

from __future__ import annotations

import ast
import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator

from goldenpath.guard._circles import imports_of
from goldenpath.guard._facts import Binding
from goldenpath.guard._syntax import dotted
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.repair._imports import (
    Target,
    added,
    moved,
    relative,
    removed,
    replaced,
)
from goldenpath.guard.repair._imports import without as without_names
from goldenpath.guard.repair._source import Edit, EditError, Source
from goldenpath.guard.rules import _gp108 as GP108  # noqa: N812

#: Paths whose importers may move: the name means the very same object.
_SAME_OBJECT = ("from", "star", "getattr", "alias")


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """Something that a person has to do.

    Attributes:
        path: The file.
        line: Where.
        why: Why it was left.
    """

    path: str
    line: int
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A file that changes.

    Attributes:
        path: The file.
        before: Its bytes.
        after: Its bytes afterwards; None if it is removed.
        what: What was done, a line for each edit.
    """

    path: str
    before: bytes
    after: bytes | None
    what: tuple[str, ...]


@dataclasses.dataclass(slots=True)
class Changes:
    """What one phase changes, and what it leaves.

    Attributes:
        changes: The files, by path.
        left: What a person has to do.
    """

    changes: list[Change] = dataclasses.field(default_factory=list)
    left: list[Left] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True)
class _File:
    """A file on which edits are collected."""

    path: str
    source: Source
    edits: list[Edit] = dataclasses.field(default_factory=list)
    what: list[str] = dataclasses.field(default_factory=list)


class _Phase:
    """Collects what a phase does."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.made = Changes()

    def edit(self, path: str, work: Callable[[_File], None]) -> None:
        """Change a file; where that cannot be done, it is left as it is."""
        content = self.view.project.content(path)
        try:
            file = _File(path, Source(content))
            work(file)
            after = file.source.edited(file.edits)
        except EditError as error:
            self.leave(path, 1, str(error))
            return
        if after != content:
            self.made.changes.append(Change(path, content, after, tuple(file.what)))

    def leave(self, path: str, line: int, why: str) -> None:
        """Note what a person has to do."""
        self.made.left.append(Left(path, line, why))


# Importers.


def move_importers(view: View, *, tests: bool) -> Changes:
    """Let everybody import the home from its own path.

    Args:
        view: The tree as it is.
        tests: Whether the tests move, or the application.
    """
    phase = _Phase(view)
    wanted: dict[str, None] = {}
    for offered in view.paths:
        if offered.is_allowed:
            continue
        for use in offered.uses:
            if use.is_test != tests:
                continue
            if use.path not in view.project.files:
                why = f"the entry point {offered.place} names it: name the home"
                phase.leave(use.path, use.line, why)
            elif offered.kind in _SAME_OBJECT:
                wanted.setdefault(use.path)
            else:
                phase.leave(
                    use.path,
                    use.line,
                    f"{offered.place} is another object than the home: {offered.kind}",
                )
    if tests:
        for path in _with_strings(view):
            wanted.setdefault(path)
    for path in sorted(wanted):
        phase.edit(path, lambda file: _move(phase, file))
    return phase.made


def _with_strings(view: View) -> Iterator[str]:
    names = {offered.name for offered in view.paths if not offered.is_allowed}
    for path in view.mentioning(sorted(names)):
        if any(
            names.intersection(string.text.replace(":", ".").split("."))
            for string in view.facts(path).strings
        ):
            yield path


def _move(phase: _Phase, file: _File) -> None:
    for node in ast.walk(file.source.tree):
        if isinstance(node, ast.ImportFrom):
            _move_from(phase, file, node)
    _move_reads(phase, file)
    _move_strings(phase, file)


def _taken(view: View, path: str, node: ast.ImportFrom, name: str) -> ImportPath | None:
    """Return the path that an import takes, if it is one to leave."""
    module = view.project.modules.absolute(path, node.module or "", node.level)
    source = view.project.modules.file_of(module, importer=path)
    if source is None or source == path:
        return None
    offered = view.offer(source, name)
    if offered is None or offered.is_allowed or offered.kind not in _SAME_OBJECT:
        return None
    return offered


def _move_from(phase: _Phase, file: _File, node: ast.ImportFrom) -> None:
    view = phase.view
    if node.names[0].name == "*":
        _move_star(phase, file, node)
        return
    moves: dict[ast.alias, Target] = {}
    for alias in node.names:
        offered = _taken(view, file.path, node, alias.name)
        if offered is None:
            continue
        if _closes_a_circle(view, file.path, node, offered):
            phase.leave(
                file.path,
                node.lineno,
                f"importing {view.home_place} here would close a circle of imports",
            )
            continue
        target = Target(_home_module(view, file.path, node), view.home.name)
        moves[alias] = target
        file.what.append(
            f"line {node.lineno}: {offered.place} -> {target.module}:{target.name}"
        )
    if moves:
        file.edits += moved(file.source, node, moves)


def _move_star(phase: _Phase, file: _File, node: ast.ImportFrom) -> None:
    view = phase.view
    taken = [
        offered
        for offered in view.paths
        if any(
            use.path == file.path and use.line == node.lineno for use in offered.uses
        )
        and _taken(view, file.path, node, offered.name) is offered
    ]
    if not taken:
        return
    module = _home_module(view, file.path, node)
    clauses = ", ".join(
        Target(module, view.home.name).clause(offered.name) for offered in taken
    )
    if _gives_nothing_else(view, taken[0].path):
        file.edits += replaced(file.source, node, module, clauses)
    else:
        file.edits.append(added(file.source, node, f"from {module} import {clauses}"))
    file.what.append(f"line {node.lineno}: * -> {module}: {clauses}")


def _gives_nothing_else(view: View, path: str) -> bool:
    """Tell whether all that a module has is the home, under whatever names."""
    facts = view.facts(path)
    return not (facts.functions or facts.classes or facts.replaces_itself) and all(
        view.path_at(path, binding.name) is not None
        for binding in facts.bindings
        if not binding.name.startswith("__")
    )


def _home_module(view: View, path: str, node: ast.ImportFrom) -> str:
    """Return how a file names the home's module, in the manner of a statement."""
    modules = view.project.modules
    home = modules.name_of(view.home.path)
    if node.level:
        return relative(home, modules.package_of(path)) or home
    # Under the name by which this file knows the tree.
    written = node.module or ""
    source = modules.file_of(written, importer=path)
    known = modules.name_of(source) if source is not None else ""
    if known and known != written and written.endswith(f".{known}"):
        longer = written[: -len(known)] + home
        if modules.file_of(longer, importer=path) == view.home.path:
            return longer
    return home


def _closes_a_circle(
    view: View, path: str, node: ast.ImportFrom, offered: ImportPath
) -> bool:
    """Tell whether a file would load the home that loads it, and did not before.

    A path that hands the home on loads it already; only a lazy one does not.
    """
    if offered.kind != "getattr" and all(
        hop.kind != "getattr" for hop in offered.chain
    ):
        return False
    if node.col_offset:
        return False  # inside of something, mostly a function
    return path in _loaded_by_home(view)


def _loaded_by_home(view: View) -> frozenset[str]:
    return view.once(_load)


def _load(view: View) -> frozenset[str]:
    seen = {view.home.path}
    waiting = [view.home.path]
    while waiting:
        for edge in imports_of(view.project, waiting.pop()):
            if edge.kind == "import-time" and edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return frozenset(seen)


# ``module.Name``, by whatever name the module goes.


def _move_reads(phase: _Phase, file: _File) -> None:
    view = phase.view
    known = {
        offered.name
        for offered in view.paths
        if not offered.is_allowed and offered.kind in _SAME_OBJECT
    }
    reads: dict[Binding, list[ast.Attribute]] = defaultdict(list)
    for node, scope in _attributes(file.source.tree):
        if node.attr not in known:
            continue
        head = dotted(node.value)
        if not head:
            continue
        module = _module_meant(view, file.path, head, scope, node.lineno)
        offered = module and view.path_at(module, node.attr)
        if not offered or offered.is_allowed or offered.kind not in _SAME_OBJECT:
            continue
        binding = _import_of(view, file.path, head)
        if binding is None:
            phase.leave(
                file.path,
                node.lineno,
                f"{dotted(node)} takes {offered.place} by way of a module that is "
                "not imported once, at the top",
            )
            continue
        reads[binding].append(node)
    for binding, nodes in reads.items():
        _move_module(phase, file, binding, nodes)


def _module_meant(
    view: View, path: str, head: str, scope: str, line: int
) -> str | None:
    for answer in view.resolver.lookup(path, head, scope=scope, line=line):
        if answer.thing.kind == "module" and answer.thing.path != path:
            return answer.thing.path
    return None


def _import_of(view: View, path: str, head: str) -> Binding | None:
    """Return the one import at the top that binds the head of dotted text."""
    found = [
        binding
        for binding in view.facts(path).bindings
        if not binding.scope
        and binding.kind in ("import", "import_as", "from")
        and (
            binding.target == head if binding.kind == "import" else binding.name == head
        )
    ]
    return found[0] if len(found) == 1 else None


def _move_module(
    phase: _Phase, file: _File, binding: Binding, nodes: list[ast.Attribute]
) -> None:
    view = phase.view
    modules = view.project.modules
    home = modules.name_of(view.home.path)
    statement = next(
        (
            node
            for node in file.source.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            and node.lineno <= binding.line <= (node.end_lineno or node.lineno)
        ),
        None,
    )
    if statement is None:
        phase.leave(file.path, binding.line, "this import stands under a condition")
        return
    parent, _, last = home.rpartition(".")
    if binding.kind == "import":
        local, new = home, f"import {home}"
    elif parent:
        local, new = last, f"from {parent} import {last}"
    else:
        local, new = home, f"import {home}"
    bound = {one.name for one in view.facts(file.path).bindings}
    is_known = any(
        one.kind == "import" and one.target == home
        for one in view.facts(file.path).bindings
    )
    if binding.kind != "import" and local in bound:
        phase.leave(
            file.path, nodes[0].lineno, f"the name {local} means something else here"
        )
        return
    for node in nodes:
        text = f"{local}.{view.home.name}".encode()
        span = (file.source.start(node), file.source.end(node))
        file.edits.append(Edit(*span, text))
        file.what.append(f"line {node.lineno}: {dotted(node)} -> {text.decode()}")
    if not is_known:
        file.edits.append(added(file.source, statement, new))
    if _others_read(file.source.tree, binding, nodes):
        return
    if len(statement.names) > 1:
        return
    file.edits.append(removed(file.source, statement))


def _others_read(
    tree: ast.Module, binding: Binding, moved_nodes: list[ast.Attribute]
) -> bool:
    """Tell whether an imported module is read elsewhere in its file."""
    text = binding.target if binding.kind == "import" else binding.name
    mine = {id(node.value) for node in moved_nodes}
    if binding.kind == "import":
        return any(
            isinstance(node, ast.Name | ast.Attribute)
            and id(node) not in mine
            and dotted(node) == text
            for node in ast.walk(tree)
        )
    return any(
        isinstance(node, ast.Name) and node.id == text and id(node) not in mine
        for node in ast.walk(tree)
    )


def _attributes(node: ast.AST, scope: str = "") -> Iterator[tuple[ast.Attribute, str]]:
    for child in ast.iter_child_nodes(node):
        inner = scope
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{scope}.{child.name}" if scope else child.name
        elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Load):
            yield child, scope
        yield from _attributes(child, inner)


# Strings that name a path.


def _move_strings(phase: _Phase, file: _File) -> None:
    view = phase.view
    home = view.project.modules.name_of(view.home.path)
    for string in view.facts(file.path).strings:
        offered, rest = _named(view, file.path, string.text)
        if offered is None:
            continue
        colon = ":" in string.text
        new = f"{home}{':' if colon else '.'}{'.'.join((view.home.name, *rest))}"
        start = file.source.offset(string.line, string.column)
        old = string.text.encode()
        if not string.is_plain or file.source.bytes[start : start + len(old)] != old:
            phase.leave(
                file.path,
                string.line,
                f"the string {string.text!r} is put together from pieces",
            )
            continue
        file.edits.append(Edit(start, start + len(old), new.encode()))
        file.what.append(f"line {string.line}: {string.text!r} -> {new!r}")


def _named(
    view: View, path: str, text: str
) -> tuple[ImportPath | None, tuple[str, ...]]:
    """Return the path that a string takes, and what stands behind it."""
    parts = text.replace(":", ".").split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = view.project.modules.file_of(".".join(parts[:length]), importer=path)
        if module is None:
            continue
        offered = view.offer(module, parts[length])
        # A name that somebody imported for himself is patched where it is used.
        if (
            offered is None
            or offered.is_allowed
            or offered.kind not in _SAME_OBJECT
            or not _is_handed_on(view, offered)
        ):
            return None, ()
        return offered, tuple(parts[length + 1 :])
    return None, ()


def _is_handed_on(view: View, offered: ImportPath) -> bool:
    """Tell whether a module offers the home to others, and does not only use it."""
    return bool(offered.uses) or offered.kind != "from" or _exports(view, offered)


def _exports(view: View, offered: ImportPath) -> bool:
    return offered.name in (view.facts(offered.path).exported or ())


# Aliases, names that are handed on, and modules that do nothing else.


def remove_aliases(view: View) -> Changes:
    """Take away every alias and second path that nobody takes any more."""
    phase = _Phase(view)
    by_file: dict[str, list[ImportPath]] = defaultdict(list)
    for offered in view.paths:
        is_own_import = offered.kind == "from" and not _exports(view, offered)
        if not offered.is_allowed and (offered.uses or not is_own_import):
            by_file[offered.path].append(offered)
    needed = _needed(view)
    for path, offers in sorted(by_file.items()):
        gone = []
        for offered in offers:
            if offered.uses:
                why = f"{offered.place} is still taken, in {len(offered.uses)} places"
                phase.leave(path, offered.line, why)
            elif (path, offered.name) in needed:
                phase.made.left.append(needed[path, offered.name])
            elif offered.kind in ("subclass", "entry", "getattr"):
                what = {"entry": "a dictionary", "getattr": "__getattr__"}
                how = what.get(offered.kind, "a subclass")
                phase.leave(path, offered.line, f"{offered.place} goes by {how}")
            else:
                gone.append(offered)
        if gone:
            phase.edit(path, _removing(phase, gone))
    return phase.made


def _needed(view: View) -> dict[tuple[str, str], Left]:
    """Return the names in files on which something stands, and what that is.

    A string that names a path needs all that lead from there to the home, and so does
    everybody who takes one.
    """
    found: dict[tuple[str, str], Left] = {}
    for path in _with_strings(view):
        for string in view.facts(path).strings:
            offered, _rest = _named(view, path, string.text)
            if offered is not None:
                why = f"the string {string.text!r} still stands on it"
                found[offered.path, offered.name] = Left(path, string.line, why)
                for hop in offered.chain:
                    found.setdefault((hop.path, hop.name), Left(path, string.line, why))
    for offered in view.paths:
        if offered.is_allowed or not offered.uses:
            continue
        use = offered.uses[0]
        for hop in offered.chain:
            why = f"{offered.place} is taken here, and stands on {hop.name}"
            found.setdefault((hop.path, hop.name), Left(use.path, use.line, why))
    return found


def _removing(phase: _Phase, gone: list[ImportPath]) -> Callable[[_File], None]:
    def work(file: _File) -> None:
        for offered in gone:
            if offered.kind == "alias":
                _remove_alias(phase, file, offered)
            elif offered.kind == "from":
                _remove_export(phase, file, offered)

    return work


def _remove_alias(phase: _Phase, file: _File, offered: ImportPath) -> None:
    name, tree = offered.name, file.source.tree
    statements = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in _bound_by(node)
    ]
    if len(statements) != 1 or not _is_plain(statements[0]):
        phase.leave(file.path, offered.line, f"{name} is not bound once, by itself")
        return
    value = dotted(statements[0].value)
    reads = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        and node is not statements[0].value
    ]
    if value != name and _is_bound_elsewhere(tree, name, statements[0]):
        phase.leave(file.path, offered.line, f"{name} means something else further on")
        return
    if value != name:
        for read in reads:
            span = (file.source.start(read), file.source.end(read))
            file.edits.append(Edit(*span, value.encode()))
    file.edits.append(removed(file.source, statements[0]))
    file.what.append(f"line {offered.line}: {name} = {value} is gone")
    if value != name:
        file.edits += _unexport(phase, file, name)


def _bound_by(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {
        one.id
        for target in targets
        for one in ast.walk(target)
        if isinstance(one, ast.Name)
    }


def _is_plain(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return (
        len(targets) == 1
        and isinstance(targets[0], ast.Name)
        and bool(dotted(node.value))
    )


def _is_bound_elsewhere(tree: ast.Module, name: str, statement: ast.stmt) -> bool:
    mine = {id(node) for node in ast.walk(statement)}
    return any(_binds(node, name) for node in ast.walk(tree) if id(node) not in mine)


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name():
            return node.id == name and not isinstance(node.ctx, ast.Load)
        case ast.arg():
            return node.arg == name
        case ast.Global() | ast.Nonlocal():
            return name in node.names
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name == name
        case ast.alias():
            return (node.asname or node.name) == name
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return node.name == name
    return False


def _remove_export(phase: _Phase, file: _File, offered: ImportPath) -> None:
    name = offered.name
    is_read = any(
        isinstance(node, ast.Name) and node.id == name
        for node in ast.walk(file.source.tree)
    )
    file.edits += _unexport(phase, file, name)
    file.what.append(f"line {offered.line}: {name} is not handed on any more")
    if is_read:
        return
    for node in file.source.tree.body:
        if not isinstance(node, ast.ImportFrom):
            continue
        names = [one for one in node.names if (one.asname or one.name) == name]
        if not names:
            continue
        if len(names) == len(node.names):
            file.edits.append(removed(file.source, node))
        else:
            file.edits += without_names(file.source, node, names)


def _unexport(phase: _Phase, file: _File, name: str) -> Iterator[Edit]:
    """Yield the edits that take a name out of ``__all__``."""
    exported = phase.view.facts(file.path).exported or ()
    if name not in exported:
        return
    for node in file.source.tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        value = node.value
        if dotted(target) != "__all__" or not isinstance(value, ast.List | ast.Tuple):
            continue
        for index, item in enumerate(value.elts):
            if isinstance(item, ast.Constant) and item.value == name:
                yield _without_item(file.source, value, index)
                return
    raise EditError(f"__all__ names {name!r} in a way that is not edited")


def _without_item(source: Source, sequence: ast.List | ast.Tuple, index: int) -> Edit:
    items = sequence.elts
    start, end = source.start(items[index]), source.end(items[index])
    line, line_end = source.line_start(start), source.line_end(start)
    before = source.bytes[line:start]
    after = source.bytes[end:line_end].strip()
    if not before.strip() and after in (b",", b""):
        return Edit(line, line_end, b"")
    if index + 1 < len(items):
        between = source.bytes[end : source.start(items[index + 1])]
        if b"#" in between:
            raise EditError("__all__ has comments between its names")
        return Edit(start, source.start(items[index + 1]), b"")
    if index:
        return Edit(source.end(items[index - 1]), end, b"")
    rest = source.bytes[end : source.end(sequence)]
    comma = len(rest) - len(rest.lstrip(b" \t,"))
    return Edit(start, end + comma, b"")


def remove_noops(view: View) -> Changes:
    """Take away names that are assigned to themselves (GP104)."""
    phase = _Phase(view)
    by_file: dict[str, set[int]] = defaultdict(set)
    for path in view.candidates:
        for binding in view.facts(path).bindings:
            if (
                binding.kind == "alias"
                and binding.target == binding.name
                and not binding.scope
                and view.means_home(path, binding.target, line=binding.line)
            ):
                by_file[path].add(binding.line)

    def work(file: _File) -> None:
        for node in ast.walk(file.source.tree):
            if (
                isinstance(node, ast.Assign)
                and node.lineno in by_file[file.path]
                and _is_plain(node)
                and dotted(node.value) == dotted(node.targets[0])
            ):
                file.edits.append(removed(file.source, node))
                file.what.append(f"line {node.lineno}: {dotted(node.value)} = itself")

    for path in sorted(by_file):
        phase.edit(path, work)
    return phase.made


# Modules that are in nobody's way any more.


def remove_shims(view: View, began: View) -> Changes:
    """Remove modules that only handed on, if nothing imports or names them.

    Every import of the module counts, also for other names than the home's, also
    inside of functions, and every string with its path.

    Args:
        view: The tree as it is.
        began: As it was before the repair, when there was something to hand on.
    """
    phase = _Phase(view)
    shims = {
        finding.path: finding.subject
        for one in (began, view)
        for finding in GP108.find(one)
        if finding.path in view.project.files
    }
    waiting = {path: _importers(view, path) for path in sorted(shims)}
    gone: set[str] = set()
    # One that only another one imports goes with it.
    while free := [
        path
        for path, importers in waiting.items()
        if path not in gone and all(where in gone for where, _line in importers)
    ]:
        gone.update(free)
    for path, importers in waiting.items():
        module = shims[path]
        if path in gone:
            what = f"{module} is gone: it only handed on, and nothing imports it"
            content = view.project.content(path)
            phase.made.changes.append(Change(path, content, None, (what,)))
        else:
            where, line = importers[0]
            more = f", and {len(importers) - 1} more" if len(importers) > 1 else ""
            phase.leave(where, line, f"{module} is still imported here{more}")
    return phase.made


def _importers(view: View, path: str) -> list[tuple[str, int]]:
    """Return where a module is imported, or named by a string."""
    modules = view.project.modules
    names = modules.names_of(path)
    found = [
        (point.path, point.line) for point in view.entry_points if point.module in names
    ]
    for other in view.mentioning([name.rpartition(".")[2] for name in names]):
        if other == path:
            continue
        found += [
            (other, edge.line)
            for edge in imports_of(view.project, other)
            if edge.target == path
        ]
        found += [
            (other, string.line)
            for string in view.facts(other).strings
            if any(
                string.text == name or string.text.startswith((f"{name}.", f"{name}:"))
                for name in names
            )
        ]
    return found
