"""Lets files call the home by its own name, where an alias gave them another one.

A moved import keeps its local name, so that no line below it has to change. When the
alias is gone, its name would live on in these files; here it goes there, too.

Rule: a name changes in the whole of a file or not at all. Where it is bound twice, is
      read in quotes, or is taken from there by somebody, it stays: that is a matter of
      taste, and no departure.
"""

from __future__ import annotations

import ast
import functools

from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import SAME_OBJECT, Changes, Collector, File
from goldenpath.guard.repair._imports import removed, without
from goldenpath.guard.repair._move import is_taken_from
from goldenpath.guard.repair._remove import reads_of, times_bound
from goldenpath.guard.repair._source import Edit


def use_own_name(view: View, began: View) -> Changes:
    """Rename what is imported under the name of an alias that there was (GP103).

    Args:
        view: The tree as it is.
        began: As it was before the repair, with the aliases.
    """
    phase = Collector(view, began)
    names = {
        offered.name
        for offered in began.paths
        if not offered.is_allowed
        and offered.kind in SAME_OBJECT
        and offered.name != view.home.name
    }
    offering = {(one.path, one.name) for one in view.paths if one.uses}
    for path in sorted(view.related) if names else ():
        here = {
            binding.name
            for binding in view.facts(path).bindings
            if binding.kind == "from"
            and binding.name in names
            and (path, binding.name) not in offering
        }
        if here:
            phase.edit(path, functools.partial(_rename, phase, names=here))
    return phase.made


def _rename(phase: Collector, file: File, names: set[str]) -> None:
    view = phase.view
    modules = view.project.modules
    found: list[tuple[ast.ImportFrom, ast.alias]] = []
    for node in ast.walk(file.source.tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        module = modules.absolute(file.path, node.module or "", node.level)
        if modules.file_of(module, importer=file.path) == view.home.path:
            found += [(node, one) for one in node.names if one.name == view.home.name]
    own = [one for one in found if one[1].asname in (None, view.home.name)]
    for node, alias in found:
        if alias.asname in names:
            _rename_one(phase, file, node, alias, own)


def _rename_one(
    phase: Collector,
    file: File,
    node: ast.ImportFrom,
    alias: ast.alias,
    own: list[tuple[ast.ImportFrom, ast.alias]],
) -> None:
    view, tree, local = phase.view, file.source.tree, str(alias.asname)
    name = view.home.name
    reads = reads_of(tree, local)
    if (
        times_bound(tree, local) != 1
        or file.source.says(local, besides=reads)
        or local in (view.facts(file.path).exported or ())
        or is_taken_from(view, file.path, local)
    ):
        return
    first = min((read.lineno for read in reads), default=node.lineno + 1)
    if not times_bound(tree, name) and not file.source.says(name):
        span = (file.source.start(alias), file.source.end(alias))
        file.edits.append(Edit(*span, name.encode()))
    elif times_bound(tree, name) == len(own) == 1 and _is_before(
        own[0][0], first, tree
    ):
        # It is there by its own name as well.
        if len(node.names) == 1:
            file.edits.append(removed(file.source, node))
        else:
            file.edits += without(file.source, node, [alias])
    else:
        return
    for read in reads:
        span = (file.source.start(read), file.source.end(read))
        file.edits.append(Edit(*span, name.encode()))
    file.what.append(f"line {node.lineno}: {local} is called {name}")


def _is_before(node: ast.ImportFrom, line: int, tree: ast.Module) -> bool:
    """Tell whether an import at the top has run when a line does."""
    return node in tree.body and node.lineno < line
