"""Edits of import statements: another module, another name, or one name less.

The statement's own form is kept: its parentheses, its comments, whether it is relative.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from goldenpath.guard.repair._source import Edit, EditError, Source

# ``from . import x`` may be written ``from.import x``.
_HEAD = re.compile(rb"from(?:\s|\\)*(?P<module>\S+?)(?:\s|\\)*import(?=[\s(*\\])")
_SPACE = re.compile(rb"[ \t\f]*")
_COMMA = re.compile(rb"(?:\s|\\\r?\n|#[^\r\n]*)*,")


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """Where a name comes from after an edit.

    Attributes:
        module: As it is written: ``app.ws.manager``, or with leading dots.
        name: The name in it.
    """

    module: str
    name: str

    def clause(self, local: str) -> str:
        """Return what stands behind ``import``, for a local name."""
        return self.name if local == self.name else f"{self.name} as {local}"


def moved(
    source: Source, node: ast.ImportFrom, moves: Mapping[ast.alias, Target]
) -> Iterator[Edit]:
    """Yield the edits after which some names of a statement come from elsewhere.

    Args:
        source: The file.
        node: The statement.
        moves: The names that move, and where they are; one module for all of them.

    Raises:
        EditError: The statement is written in a way that is not edited.
    """
    modules = {target.module for target in moves.values()}
    if len(modules) != 1:
        raise EditError(f"line {node.lineno} would import from several modules")
    is_there = _written(node) in modules
    if is_there or len(moves) == len(node.names):
        if not is_there:
            yield _renamed(source, node, modules.pop())
        for alias, target in moves.items():
            clause = target.clause(alias.asname or alias.name).encode()
            span = (source.start(alias), source.end(alias))
            if source.bytes[slice(*span)] != clause:
                yield Edit(*span, clause)
        return
    yield from without(source, node, list(moves))
    clauses = ", ".join(
        target.clause(alias.asname or alias.name) for alias, target in moves.items()
    )
    yield added(source, node, f"from {modules.pop()} import {clauses}")


def replaced(
    source: Source, node: ast.ImportFrom, module: str, clauses: str
) -> Iterator[Edit]:
    """Yield the edits that give a star import another module, and names."""
    star = node.names[0]
    yield _renamed(source, node, module)
    yield Edit(source.start(star), source.end(star), clauses.encode())


def added(source: Source, node: ast.stmt, statement: str) -> Edit:
    """Return the edit that puts a statement behind another, in the same block."""
    end = source.end(node)
    indent = source.indent(node)
    if indent is None or not source.stands_alone(node):
        return Edit(end, end, b"; " + statement.encode())
    place = source.line_end(end)
    newline = source.newline(end)
    line = indent + statement.encode()
    if place == len(source.bytes) and not source.bytes.endswith((b"\n", b"\r")):
        return Edit(place, place, newline + line)
    return Edit(place, place, line + newline)


def without(
    source: Source, node: ast.ImportFrom, names: Sequence[ast.alias]
) -> Iterator[Edit]:
    """Yield the edits that take names out of a statement that keeps others."""
    gone = set(names)
    kept = [alias for alias in node.names if alias not in gone]
    assert kept, "a statement that keeps nothing is removed"
    is_bare = not source.bytes[: source.end(node)].endswith(b")")
    last_kept = node.names.index(kept[-1])
    behind = (source.end(kept[-1]), source.end(node.names[-1]))
    is_one_tail = is_bare or b"\n" not in source.bytes[slice(*behind)]
    if is_one_tail and behind[0] < behind[1]:
        # Nothing may stand behind the last comma of a list without parentheses.
        yield Edit(*behind, b"")
    for index, alias in enumerate(node.names):
        if alias not in gone or (is_one_tail and index > last_kept):
            continue
        start, end = source.start(alias), source.end(alias)
        comma = _COMMA.match(source.bytes, end, source.end(node))
        if index < last_kept:
            assert comma is not None
            yield _with_line(source, start, comma, source.start(node.names[index + 1]))
        elif comma is not None:
            yield _with_line(source, start, comma, source.end(node))
        else:
            yield _last(source, start, end)


def _with_line(source: Source, start: int, comma: re.Match[bytes], limit: int) -> Edit:
    """Return the edit for a name and its comma, and for its line if it had one."""
    name = source.bytes[start : comma.end()]
    if b"#" in name or b"\n" in name:
        # What stands between a name and its comma is left to those who wrote it.
        raise EditError(f"line {source.line_of(start)} has more than a name to remove")
    blank = _SPACE.match(source.bytes, comma.end())
    assert blank is not None
    line, line_end = source.line_start(start), source.line_end(start)
    is_own_line = not source.bytes[line:start].strip() and not (
        source.bytes[blank.end() : line_end].strip()
    )
    if is_own_line:
        return Edit(line, line_end, b"")
    return Edit(start, min(blank.end(), limit), b"")


def _last(source: Source, start: int, end: int) -> Edit:
    line, line_end = source.line_start(start), source.line_end(start)
    is_own_line = not source.bytes[line:start].strip() and not (
        source.bytes[end:line_end].strip()
    )
    return Edit(line, line_end, b"") if is_own_line else Edit(start, end, b"")


def removed(source: Source, node: ast.stmt) -> Edit:
    """Return the edit that takes a whole statement away."""
    start, end = source.start(node), source.end(node)
    if _is_only_one(source.tree, node) or not source.stands_alone(node):
        return Edit(start, end, b"pass")
    after = source.bytes[end : source.line_end(end)]
    if b"#" in after:
        # A comment behind it stays, where the statement stood.
        return Edit(start, end + len(after) - len(after.lstrip(b" \t\f")), b"")
    return Edit(source.line_start(start), source.line_end(end), b"")


def _is_only_one(tree: ast.Module, node: ast.stmt) -> bool:
    for parent in ast.walk(tree):
        if isinstance(parent, ast.Module):
            continue
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and node in block:
                return len(block) == 1
    return False


def relative(module: str, package: str) -> str:
    """Return how a package's modules name a module relatively; ``""`` if they cannot.

    >>> relative("app.ws.manager", "app.routes")
    '..ws.manager'
    """
    wanted, mine = module.split("."), package.split(".")
    shared = 0
    while shared < min(len(wanted), len(mine)) and wanted[shared] == mine[shared]:
        shared += 1
    if not shared or not package:
        return ""
    return "." * (len(mine) - shared + 1) + ".".join(wanted[shared:])


def _written(node: ast.ImportFrom) -> str:
    return "." * node.level + (node.module or "")


def _renamed(source: Source, node: ast.ImportFrom, module: str) -> Edit:
    found = _HEAD.match(source.bytes, source.start(node), source.end(node))
    if found is None or found["module"].decode() != _written(node):
        raise EditError(f"line {node.lineno} is written in an unusual way")
    start, end = found.span("module")
    # Dots need no blanks round them, and names do.
    before = " " if source.bytes[start - 1 : start].isalpha() else ""
    after = " " if source.bytes[end : end + 1].isalpha() else ""
    return Edit(start, end, f"{before}{module}{after}".encode())
