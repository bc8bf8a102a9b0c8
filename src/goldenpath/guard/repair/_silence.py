"""Imports the home plainly where its absence was hidden.

``try: from home import X`` with a handler that only binds names hides that the home has
moved. Without it, an import that fails is seen: this is for people who asked for more
than what is certain.

Rule 1: all that is tried is in the tree, and all that is done instead is to bind the
        same names, or nothing.
Rule 2: an import that fails because of a circle failed silently before; one that would
        close a circle is left.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence

from goldenpath.guard._findings import Finding
from goldenpath.guard._syntax import dotted
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Changes, Collector, File
from goldenpath.guard.repair._reach import loaded_by
from goldenpath.guard.repair._source import Edit, EditError
from goldenpath.guard.rules import _gp112 as GP112  # noqa: N812

_Guard = ast.Try | ast.With


def import_plainly(view: View, began: View) -> Changes:
    """Import the home without hiding that it may not be there (GP112).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in GP112.find(view):
        by_file[finding.path].append(finding)

    def work(file: File) -> None:
        for finding in by_file[file.path]:
            try:
                guard = _guard_of(file.source.tree, finding)
                edit = _bared(view, file, guard)
            except EditError as error:
                phase.leave(file.path, finding.line, str(error))
                continue
            if edit not in file.edits:
                file.edits.append(edit)
                what = "the import is seen to fail, if it does"
                file.what.append(f"line {guard.lineno}: {what}")

    for path in sorted(by_file):
        phase.edit(path, work)
    return phase.made


def _guard_of(tree: ast.Module, finding: Finding) -> _Guard:
    """Return the statement that hides what a finding names.

    Raises:
        EditError: It is none that only tries imports.
    """
    place = (finding.line, finding.column - 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and (node.lineno, node.col_offset) == place:
            return node
        if isinstance(node, ast.Try) and any(
            (one.lineno, one.col_offset) == place for one in node.handlers
        ):
            return node
    raise EditError("what is caught here is a decision")


def _bared(view: View, file: File, guard: _Guard) -> Edit:
    """Return the edit that leaves of a statement what it tries.

    Raises:
        EditError: It does more than to import, and to bind names instead.
    """
    bound = _bound_by(guard.body)
    if not bound or not any(map(_is_import, guard.body)):
        raise EditError(
            "more than an import is tried: what may be caught is a decision"
        )
    if isinstance(guard, ast.Try):
        if guard.orelse or guard.finalbody:
            raise EditError("there is an else or a finally behind the import")
        for handler in guard.handlers:
            instead = _bound_by(handler.body)
            if instead is None or any(map(_is_import, handler.body)):
                raise EditError("the handler does more than to bind names")
            if not instead <= bound:
                raise EditError("the handler binds names that the import does not")
    elif len(guard.items) != 1 or guard.items[0].optional_vars is not None:
        raise EditError("there is more in the with than one suppress()")
    _require_there(view, file, guard)
    return _dedented(file, guard)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _bound_by(body: Sequence[ast.stmt]) -> set[str] | None:
    """Return the names that a block binds; None if it does more than that."""
    found: set[str] = set()
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom():
                found |= {a.asname or a.name.partition(".")[0] for a in node.names}
            case ast.Assign(value=ast.Constant()):
                found |= {dotted(target) for target in node.targets}
            case ast.AnnAssign(value=ast.Constant()):
                found.add(dotted(node.target))
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                return None
    return found


def _require_there(view: View, file: File, guard: _Guard) -> None:
    """Refuse imports of what may not be there, and such as would close a circle.

    Raises:
        EditError: There are such.
    """
    path, last = file.path, guard.body[-1].end_lineno or guard.body[-1].lineno
    is_deferred = file.source.is_deferred(guard)
    for binding in view.facts(path).bindings:
        if binding.kind not in ("from", "star", "import", "import_as") or not (
            guard.body[0].lineno <= binding.line <= last
        ):
            continue
        module, _, member = binding.target.partition(":")
        name = view.project.modules.absolute(path, module, binding.level)
        source = view.project.modules.file_of(name, importer=path)
        found = view.resolver.follow(path, binding) if member else ()
        is_there = source is not None and all(
            answer.thing.kind not in ("missing", "external") for answer in found
        )
        if source is None or not is_there or (member and not found):
            raise EditError(f"{binding.target} may not be there")
        if not is_deferred and path in loaded_by(view.project, source):
            raise EditError(f"importing {name} here would close a circle of imports")


def _dedented(file: File, guard: _Guard) -> Edit:
    """Return the edit that puts a block in the place of the statement round it."""
    source = file.source
    start, end = source.start(guard.body[0]), source.end(guard.body[-1])
    outer, inner = source.indent(guard), source.indent(guard.body[0])
    assert outer is not None  # a compound statement begins its line
    whole = (source.start(guard), source.end(guard))
    if inner is None:  # ``try: import x``
        return Edit(*whole, source.bytes[start:end])
    lines = source.bytes[start:end].splitlines(keepends=True)
    for index, line in enumerate(lines[1:], 1):
        if line.startswith(inner):
            lines[index] = outer + line[len(inner) :]
    # A comment behind the last line belongs to it.
    behind = source.bytes[end : source.line_end(end)].rstrip(b"\r\n")
    if behind.strip(b" \t")[:1] == b"#":
        lines.append(behind)
    return Edit(*whole, b"".join(lines))
