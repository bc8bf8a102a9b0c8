"""Points paths that lead nowhere to the one thing of that name.

This is for people who asked for more than what is certain: that something has the same
name does not say that it was meant.

Rule 1: the name of the home, or of its factory, means these. Any other name must be
        defined once in the tree.
Rule 2: who reckons with its absence, by a ``try`` round it, is left.
Rule 3: a patch of a name that a module has no more is left: the module gets it in some
        other way now, and a patch of the home would not be noticed there.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from goldenpath.guard._facts import DottedString
from goldenpath.guard._findings import Finding
from goldenpath.guard._resolve import Thing
from goldenpath.guard._syntax import caught
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Changes, Collector, File
from goldenpath.guard.repair._imports import Target, moved
from goldenpath.guard.repair._places import Places
from goldenpath.guard.repair._reach import loaded_by, named_like
from goldenpath.guard.repair._source import Edit, EditError
from goldenpath.guard.rules import _gp110 as GP110  # noqa: N812


def point_to_the_only_one(view: View, began: View) -> Changes:
    """Let paths that lead nowhere lead to what has their name (GP110).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in GP110.find(view):
        if finding.path in view.project.files:
            by_file[finding.path].append(finding)
        else:
            why = f"the entry point {finding.subject} leads nowhere"
            phase.leave(finding.path, finding.line, why)

    def work(file: File) -> None:
        places = Places(file.source.tree)
        moves: dict[ast.ImportFrom, dict[ast.alias, Target]] = defaultdict(dict)
        for finding in by_file[file.path]:
            try:
                string = _string_at(view, finding)
                if string is not None:
                    _point_string(view, file, string)
                    continue
                node, alias = _import_at(places, finding)
                moves[node][alias] = _target(view, file, places, node, alias)
            except EditError as error:
                phase.leave(file.path, finding.line, str(error))
        for node, names in moves.items():
            try:
                file.edits += list(moved(file.source, node, names))
            except EditError as error:
                phase.leave(file.path, node.lineno, str(error))
                continue
            for alias, target in names.items():
                place = f"{target.module}:{target.name}"
                file.what.append(f"line {alias.lineno}: {alias.name} -> {place}")

    for path in sorted(by_file):
        phase.edit(path, work)
    return phase.made


def _only(view: View, path: str, name: str) -> Thing:
    """Return the one thing of a name.

    Raises:
        EditError: There is none, or there are several.
    """
    for known in (view.home, view.factory):
        if known is not None and known.name == name:
            return known
    found = [
        thing
        for other in view.mentioning([name])
        if other != path
        for thing in _defined(view, other, name)
    ]
    if len(found) != 1 or not view.project.modules.name_of(found[0].path):
        how_many = "nothing" if not found else f"{len(found)} things"
        raise EditError(f"{how_many} in this tree can be meant by {name}")
    if view.is_test(found[0].path) and not view.is_test(path):
        raise EditError(f"only tests define {name}")
    return found[0]


def _defined(view: View, path: str, name: str) -> Iterator[Thing]:
    facts = view.facts(path)
    for class_ in facts.classes:
        if class_.name == name and not class_.scope:
            yield Thing("class", path, name, class_.line)
    for function in facts.functions:
        if function.name == name and not function.scope:
            yield Thing("function", path, name, function.line)


# Imports.


def _import_at(places: Places, finding: Finding) -> tuple[ast.ImportFrom, ast.alias]:
    """Return the statement, and the name in it, that a finding is about.

    Raises:
        EditError: It has no name of its own, or somebody reckons with its absence.
    """
    place = (finding.line, finding.column - 1)
    for node in ast.walk(places.tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            if (alias.lineno, alias.col_offset) != place:
                continue
            for child, parent in places.above(node):
                if (
                    isinstance(parent, ast.Try)
                    and child in parent.body
                    and any(caught(one.type) is not None for one in parent.handlers)
                ):
                    raise EditError("somebody reckons with its absence here")
            if alias.name != "*":
                return node, alias
    raise EditError(f"{finding.subject} is not imported by a name of its own")


def _target(
    view: View, file: File, places: Places, node: ast.ImportFrom, alias: ast.alias
) -> Target:
    """Return where a name is to come from.

    Raises:
        EditError: That is not certain, or would close a circle.
    """
    thing = _only(view, file.path, alias.name)
    if not places.functions(node) and file.path in loaded_by(view.project, thing.path):
        place = view.place_of(thing)
        raise EditError(f"importing {place} here would close a circle of imports")
    return Target(named_like(view, file.path, node, thing.path), thing.name)


# Strings.


def _string_at(view: View, finding: Finding) -> DottedString | None:
    return next(
        (
            one
            for one in view.facts(finding.path).strings
            if (one.line, one.column, one.text)
            == (finding.line, finding.column, finding.subject)
        ),
        None,
    )


def _point_string(view: View, file: File, string: DottedString) -> None:
    """Let a string name what its last names mean.

    Raises:
        EditError: That is not certain, or it is put together from pieces.
    """
    parts = string.text.replace(":", ".").split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        source = view.project.modules.file_of(module, importer=file.path)
        if source is None:
            continue
        # Of a package, a module may be what is gone.
        if length == len(parts) - 1 or not source.endswith("__init__.py"):
            raise EditError(
                f"{module} has no {parts[length]}: it gets it otherwise now"
            )
        break
    try:
        thing, rest = _only(view, file.path, parts[-1]), ""
    except EditError:
        # ``module.Class.method``
        thing, rest = _only(view, file.path, parts[-2]), f".{parts[-1]}"
        member = view.resolver.method(thing, parts[-1])
        if thing.kind != "class" or member is None or member.kind == "missing":
            raise
    start = file.source.offset(string.line, string.column)
    old = string.text.encode()
    if file.source.bytes[start : start + len(old)] != old:
        raise EditError(f"the string {string.text!r} is put together from pieces")
    module = view.project.modules.name_of(thing.path)
    colon = ":" if ":" in string.text else "."
    new = f"{module}{colon}{thing.name}{rest}"
    file.edits.append(Edit(start, start + len(old), new.encode()))
    file.what.append(f"line {string.line}: {string.text!r} -> {new!r}")
