"""Deletes rivals that nobody uses, and modules in which nothing else is.

This is for people who asked for more than what is certain: nobody can see from here
who loads a class by a name that is put together at run time.

Rule 1: whatever may hand a class on without naming it keeps it: a decorator, a
        metaclass, a base from elsewhere, ``__subclasses__``, ``getattr`` by its name.
Rule 2: what else is in the module stays, and so does what it imports for itself.
"""

from __future__ import annotations

import ast
import functools
import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence

from goldenpath.guard._findings import Finding
from goldenpath.guard._resolve import Thing
from goldenpath.guard._syntax import dotted, is_docstring
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Change, Changes, Collector, File
from goldenpath.guard.repair._generated import MARK
from goldenpath.guard.repair._imports import removed, without
from goldenpath.guard.repair._move import is_taken_from
from goldenpath.guard.repair._remove import (
    _importers,
    _is_all,
    _unexport,
    times_bound,
)
from goldenpath.guard.repair._source import Edit, EditError, Source
from goldenpath.guard.rules import _gp109 as GP109  # noqa: N812

_PLAIN_BASES = ("builtins.object", "abc.ABC", "typing.Protocol", "typing.Generic")
_BY_NAME = (b"getattr", b"import_module", b"__import__", b"globals")
# Somebody else loads these, and not by an import.
_KEPT_FILES = ("__init__.py", "conftest.py", "__main__.py")


def delete_dead_rivals(view: View, began: View) -> Changes:
    """Delete rivals that nobody uses, and modules that have nothing else (GP109).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in GP109.find(view):
        by_file[finding.path].append(finding)
    for path, findings in sorted(by_file.items()):
        try:
            source = Source(view.project.content(path))
        except EditError as error:
            phase.leave(path, 1, str(error))
            continue
        dead = list(_certainly_dead(phase, source, findings))
        if not dead:
            continue
        if _is_rest_empty(view, path, source.tree, dead):
            names = ", ".join(node.name for node in dead)
            what = f"the module is gone: nobody uses {names}, and nothing else is in it"
            content = view.project.content(path)
            phase.made.changes.append(Change(path, content, None, (what,)))
        else:
            gone = [node.name for node in dead]
            phase.edit(path, functools.partial(_delete, phase, gone))
    return phase.made


def _certainly_dead(
    phase: Collector, source: Source, findings: Sequence[Finding]
) -> Iterator[ast.ClassDef]:
    """Yield the classes that go; those that stay are listed."""
    for finding in findings:
        name = finding.subject.partition(":")[2]
        nodes = _defined(source.tree, (name,))
        if len(nodes) != 1 or times_bound(source.tree, name) != 1:
            why = f"{name} is not defined once, at the top"
        else:
            thing = Thing("class", finding.path, name, finding.line)
            why = _handed_on(phase.view, thing, nodes[0]) or _named(phase.view, thing)
        if why:
            phase.leave(finding.path, finding.line, why)
        else:
            yield nodes[0]


def _defined(tree: ast.Module, names: Sequence[str]) -> list[ast.ClassDef]:
    return [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name in names
    ]


def _handed_on(view: View, thing: Thing, node: ast.ClassDef) -> str:
    """Return what may hand a class on although nobody names it, or ``""``."""
    name = thing.name
    if node.decorator_list or node.keywords:
        return f"what {name} is decorated or made with may hand it on"
    if any(
        isinstance(one, ast.Expr) and not isinstance(one.value, ast.Constant)
        for one in node.body
    ):
        return f"the body of {name} does something"
    for base in view.resolver.ancestors(thing):
        if base.kind != "class":
            if base.name not in _PLAIN_BASES:
                return f"{name} is derived from {base.name}, which may hand it on"
            continue
        class_ = view.resolver.class_of(base)
        if "__init_subclass__" in view.resolver.methods(base) or (
            class_ is not None and class_.keywords
        ):
            return f"{name} is derived from {base.name}, which may hand it on"
        asking = view.mentioning(["__subclasses__"])
        if asking:
            return f"{asking[0]} asks for subclasses, and {name} is one"
    return ""


def _named(view: View, thing: Thing) -> str:
    """Return who names a class otherwise than by importing it, or ``""``."""
    modules, name = view.project.modules, thing.name
    places = tuple(f"{module}.{name}." for module in modules.names_of(thing.path))
    quoted = (f'"{name}"'.encode(), f"'{name}'".encode())
    for path in view.mentioning([name]):
        facts = view.facts(path)
        for binding in facts.bindings:
            module = modules.absolute(path, binding.target, binding.level)
            if binding.kind == "star" and (
                modules.file_of(module, importer=path) == thing.path
            ):
                return f"{path}:{binding.line} has it by a star"
        calls = ((one.target, one.scope, one.line) for one in facts.calls)
        for text, scope, line in (*facts.reads, *calls):
            if path == thing.path or name not in text.split("."):
                continue
            found = view.resolver.lookup(path, text, scope=scope, line=line)
            if any(one.thing == thing for one in found):
                return f"{path}:{line} reads it"
        for string in facts.strings:
            if f"{string.text.replace(':', '.')}.".startswith(places):
                return f"{path}:{string.line} names it by a string"
        content = view.project.content(path)
        if MARK.encode() in content:
            continue
        is_listed = path == thing.path and name in (facts.exported or ())
        if not is_listed and all(
            any(one in content for one in some) for some in (quoted, _BY_NAME)
        ):
            return f"{path} may look it up by its name"
    return ""


def _is_rest_empty(
    view: View, path: str, tree: ast.Module, dead: Sequence[ast.ClassDef]
) -> bool:
    """Tell whether a module has nothing but what goes, and nobody wants it."""
    return (
        posixpath.basename(path) not in _KEPT_FILES
        and all(node in dead or _is_nothing(node) for node in tree.body)
        and not _importers(view, path)
    )


def _is_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass():
            return True
        case ast.Assign(value=ast.Call(func=called)):
            return dotted(called).rpartition(".")[2] == "getLogger"
        case ast.If(orelse=[]):
            is_typing = dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING"
            return is_typing and all(map(_is_nothing, node.body))
    return is_docstring(node) or _is_all(node)


def _delete(phase: Collector, names: Sequence[str], file: File) -> None:
    source = file.source
    dead = _defined(source.tree, names)
    _unexport(phase, file, names)
    for node in dead:
        file.edits.append(_tidied(source, removed(source, node)))
        file.what.append(f"line {node.lineno}: nobody uses {node.name}: it is gone")
    read = {
        one.id for node in dead for one in ast.walk(node) if isinstance(one, ast.Name)
    }
    for statement in source.tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        unread = [
            alias
            for alias in statement.names
            if (local := alias.asname or alias.name.partition(".")[0]) in read
            and not source.says(local, besides=dead)
            and not is_taken_from(phase.view, file.path, local)
        ]
        if len(unread) == len(statement.names):
            file.edits.append(removed(source, statement))
        elif unread and isinstance(statement, ast.ImportFrom):
            file.edits += without(source, statement, unread)


def _tidied(source: Source, edit: Edit) -> Edit:
    """Return an edit that also takes the blank lines away that nobody needs."""
    start, end = edit.start, edit.end
    while (
        end < len(source.bytes) and not source.bytes[end : source.line_end(end)].strip()
    ):
        end = source.line_end(end)
    while end == len(source.bytes) and start:
        before = source.line_start(start - 1)
        if source.bytes[before:start].strip():
            break
        start = before
    return Edit(start, end, b"")
