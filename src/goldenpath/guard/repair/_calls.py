"""Awaits coroutines that nobody awaited, and awaits nothing that is none."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from goldenpath.guard._findings import Finding
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Changes, Collector, File
from goldenpath.guard.repair._places import Places
from goldenpath.guard.repair._source import Edit
from goldenpath.guard.rules import _gp111 as GP111  # noqa: N812

# What the rule says of calls that are right but for their ``await``.
_LOST = "it is a coroutine that nobody awaits"
_NEEDLESS = re.compile(r"(what it returns|an instance of \S+) cannot be awaited")
_AWAIT = re.compile(rb"await(?:[ \t\f]|\\\r?\n)*")


def mend_awaits(view: View, began: View) -> Changes:
    """Put in an ``await`` that was lost, and take away one too many (GP111).

    All else that is wrong with a call is left: which side is right is a decision.

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in GP111.find(view):
        wrong = finding.subject.split(":", 2)[2]
        if wrong == _LOST or _NEEDLESS.fullmatch(wrong):
            by_file[finding.path].append(finding)
        else:
            phase.leave(finding.path, finding.line, f"the call cannot work: {wrong}")

    def work(file: File) -> None:
        places = Places(file.source.tree)
        for finding in by_file[file.path]:
            _mend(phase, file, places, finding)

    for path in sorted(by_file):
        phase.edit(path, work)
    return phase.made


def _mend(phase: Collector, file: File, places: Places, finding: Finding) -> None:
    _scope, target, wrong = finding.subject.split(":", 2)
    node = places.call(finding.line, finding.column - 1, target)
    if node is None:
        phase.leave(file.path, finding.line, f"{target}() stands in a formatted string")
        return
    method = target.rpartition(".")[2]
    if _is_replaced(file.source.tree, method):
        why = f"{method} is replaced in this file, and {target}() may be something else"
        phase.leave(file.path, finding.line, why)
        return
    start = file.source.start(node)
    outer = places.parent(node)
    if wrong == _LOST:
        if not places.can_await(node):
            why = f"{target}() is not awaited, and nothing can be awaited here"
            phase.leave(file.path, finding.line, why)
            return
        file.edits.append(Edit(start, start, b"await "))
        file.what.append(f"line {node.lineno}: {target}() is awaited")
    elif isinstance(outer, ast.Await):
        found = _AWAIT.match(file.source.bytes, file.source.start(outer))
        assert found is not None
        file.edits.append(Edit(*found.span(), b""))
        file.what.append(f"line {node.lineno}: {target}() is not awaited any more")


def _is_replaced(tree: ast.Module, method: str) -> bool:
    """Tell whether a file puts something else in the place of a method, as tests do."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store()) if name == method:
                return True
            case ast.Constant(value=str(text)):
                if f".{text}".endswith(f".{method}"):
                    return True
    return False
