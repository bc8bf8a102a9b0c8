"""Lets everybody import the home from its own path, in whatever form they import it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from goldenpath.guard._facts import Binding
from goldenpath.guard._syntax import dotted
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.repair._changes import SAME_OBJECT, Changes, Collector, File
from goldenpath.guard.repair._imports import (
    Target,
    added,
    moved,
    removed,
    replaced,
)
from goldenpath.guard.repair._reach import loaded_by, named_like
from goldenpath.guard.repair._source import Edit
from goldenpath.guard.repair._strings import move_strings, with_strings


def move_importers(view: View, began: View, *, tests: bool) -> Changes:
    """Let everybody import the home from its own path.

    Args:
        view: The tree as it is.
        began: As it was before the repair.
        tests: Whether the tests move, or the application.
    """
    phase = Collector(view, began)
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
            elif offered.kind in SAME_OBJECT:
                wanted.setdefault(use.path)
            else:
                phase.leave(
                    use.path,
                    use.line,
                    f"{offered.place} is another object than the home: {offered.kind}",
                )
    if tests:
        for path in with_strings(view):
            wanted.setdefault(path)
    for path in sorted(wanted):
        phase.edit(path, lambda file: _move(phase, file))
    return phase.made


def _move(phase: Collector, file: File) -> None:
    for node in ast.walk(file.source.tree):
        if isinstance(node, ast.ImportFrom):
            _move_from(phase, file, node)
    _move_reads(phase, file)
    move_strings(phase, file)


def _taken(view: View, path: str, node: ast.ImportFrom, name: str) -> ImportPath | None:
    """Return the path that an import takes, if it is one to leave."""
    module = view.project.modules.absolute(path, node.module or "", node.level)
    source = view.project.modules.file_of(module, importer=path)
    if source is None or source == path:
        return None
    offered = view.offer(source, name)
    if offered is None or offered.is_allowed or offered.kind not in SAME_OBJECT:
        return None
    return offered


def _move_from(phase: Collector, file: File, node: ast.ImportFrom) -> None:
    view = phase.view
    if node.names[0].name == "*":
        _move_star(phase, file, node)
        return
    moves: dict[ast.alias, Target] = {}
    for alias in node.names:
        offered = _taken(view, file.path, node, alias.name)
        if offered is None:
            continue
        if _closes_a_circle(view, file, node, offered):
            phase.leave(
                file.path,
                node.lineno,
                f"importing {view.home_place} here would close a circle of imports",
            )
            continue
        target = Target(
            named_like(view, file.path, node, view.home.path), view.home.name
        )
        moves[alias] = target
        file.what.append(
            f"line {node.lineno}: {offered.place} -> {target.module}:{target.name}"
        )
    if moves:
        file.edits += moved(file.source, node, moves)


def _move_star(phase: Collector, file: File, node: ast.ImportFrom) -> None:
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
    module = named_like(view, file.path, node, view.home.path)
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


def _closes_a_circle(
    view: View, file: File, node: ast.ImportFrom, offered: ImportPath
) -> bool:
    """Tell whether a file would load the home that loads it, and did not before.

    A path that hands the home on loads it already; only a lazy one does not.
    """
    if offered.kind != "getattr" and all(
        hop.kind != "getattr" for hop in offered.chain
    ):
        return False
    return not file.source.is_deferred(node) and file.path in view.once(_loaded_by_home)


def _loaded_by_home(view: View) -> frozenset[str]:
    return loaded_by(view.project, view.home.path)


# ``module.Name``, by whatever name the module goes.


def _move_reads(phase: Collector, file: File) -> None:
    view = phase.view
    known = {
        offered.name
        for offered in view.paths
        if not offered.is_allowed and offered.kind in SAME_OBJECT
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
        if not offered or offered.is_allowed or offered.kind not in SAME_OBJECT:
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
    phase: Collector, file: File, binding: Binding, nodes: list[ast.Attribute]
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
    bindings = view.facts(file.path).bindings
    parent, _, last = home.rpartition(".")
    if binding.kind == "import" or not parent:
        local, new = home, f"import {home}"
    else:
        local, new = last, f"from {parent} import {last}"
    first = local.partition(".")[0]
    if any(
        one.name == first
        and not (one.kind == "import" and one.target.partition(".")[0] == first)
        for one in bindings
    ):
        why = f"the name {first} means something else here"
        phase.leave(file.path, nodes[0].lineno, why)
        return
    for node in nodes:
        text = f"{local}.{view.home.name}".encode()
        span = (file.source.start(node), file.source.end(node))
        file.edits.append(Edit(*span, text))
        file.what.append(f"line {node.lineno}: {dotted(node)} -> {text.decode()}")
    if not any(one.kind == "import" and one.target == home for one in bindings):
        file.edits.append(added(file.source, statement, new))
    if len(statement.names) > 1 or _is_wanted(view, file, binding, nodes):
        return
    file.edits.append(removed(file.source, statement))


def _is_wanted(
    view: View, file: File, binding: Binding, nodes: list[ast.Attribute]
) -> bool:
    """Tell whether an import of a module still serves somebody, here or elsewhere."""
    if binding.kind != "import":
        return file.source.says(binding.name, besides=nodes) or is_taken_from(
            view, file.path, binding.name
        )
    home = view.project.modules.name_of(view.home.path)
    first = binding.target.partition(".")[0]
    # ``import a.b`` also is what binds ``a``.
    is_bound_still = home.partition(".")[0] == first
    return file.source.says(
        binding.target if is_bound_still else first, besides=nodes
    ) or (not is_bound_still and is_taken_from(view, file.path, first))


def is_taken_from(view: View, path: str, name: str) -> bool:
    """Tell whether anybody may take a name from a file."""
    modules = view.project.modules
    if name in (view.facts(path).exported or ()):
        return True
    names = modules.names_of(path)
    for other in view.mentioning([one.rpartition(".")[2] for one in names]):
        facts = view.facts(other)
        for binding in facts.bindings:
            module, _, member = binding.target.partition(":")
            if binding.kind in ("from", "star") and (
                modules.absolute(other, module, binding.level) in names
                and member in ("", name)
            ):
                return True
        texts = (*(read[0] for read in facts.reads), *(c.target for c in facts.calls))
        last = {f"{one.rpartition('.')[2]}.{name}" for one in names}
        if other != path and any(
            f".{text}.".find(f".{ending}.") >= 0
            for ending in last
            for text in (*texts, *(one.text for one in facts.strings))
        ):
            return True
    return False


def _attributes(node: ast.AST, scope: str = "") -> Iterator[tuple[ast.Attribute, str]]:
    for child in ast.iter_child_nodes(node):
        inner = scope
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{scope}.{child.name}" if scope else child.name
        elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Load):
            yield child, scope
        yield from _attributes(child, inner)
