"""What an edit of one file means for others: what it loads, and who names it."""

from __future__ import annotations

import ast

from goldenpath.guard._circles import imports_of
from goldenpath.guard._project import Project
from goldenpath.guard._view import View
from goldenpath.guard.repair._imports import relative

# Who replaces ``name`` of a module that is given as an object.
_REPLACES = ("object", "setattr", "delattr")


def loaded_by(project: Project, path: str) -> frozenset[str]:
    """Return the files that run when a file is imported, itself among them."""
    seen = {path}
    waiting = [path]
    while waiting:
        for edge in imports_of(project, waiting.pop()):
            if edge.kind == "import-time" and edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return frozenset(seen)


def named_like(
    view: View, path: str, node: ast.Import | ast.ImportFrom, target: str
) -> str:
    """Return how a file names a module, in the manner of one of its imports.

    Args:
        view: The tree.
        path: The file that imports.
        node: The import whose manner it is.
        target: The file of the module.
    """
    modules = view.project.modules
    wanted = modules.name_of(target)
    if isinstance(node, ast.Import):
        written = node.names[0].name
    elif node.level:
        return relative(wanted, modules.package_of(path)) or wanted
    else:
        written = node.module or ""
    # Under the name by which this file knows the tree.
    source = modules.file_of(written, importer=path)
    known = modules.name_of(source) if source is not None else ""
    if known and known != written and written.endswith(f".{known}"):
        longer = written[: -len(known)] + wanted
        if modules.file_of(longer, importer=path) == target:
            return longer
    return wanted


def replaced_at(view: View, path: str, name: str) -> tuple[str, int] | None:
    """Return where somebody replaces a name of a file by a string, as tests do."""
    modules = view.project.modules
    wanted = tuple(f"{module}.{name}" for module in modules.names_of(path))
    quoted = (f'"{name}"'.encode(), f"'{name}'".encode())
    for other in view.mentioning([name]):
        facts = view.facts(other)
        for string in facts.strings:
            text = f"{string.text.replace(':', '.')}."
            if text.startswith(tuple(f"{one}." for one in wanted)):
                return other, string.line
        content = view.project.content(other)
        if not any(one in content for one in quoted):
            continue
        for call in facts.calls:
            if call.target.rpartition(".")[2] in _REPLACES and call.arguments:
                found = view.resolver.lookup(
                    other, call.arguments[0], scope=call.scope, line=call.line
                )
                if any(
                    one.thing.kind == "module" and one.thing.path == path
                    for one in found
                ):
                    return other, call.line
    return None
