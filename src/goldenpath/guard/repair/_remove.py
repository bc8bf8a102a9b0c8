"""Takes away what nobody takes any more: aliases, names handed on, whole modules."""

from __future__ import annotations

import ast
import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from goldenpath.guard._circles import imports_of
from goldenpath.guard._syntax import dotted
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard._waivers import waiver_of
from goldenpath.guard.repair._changes import Change, Changes, Collector, File, Left
from goldenpath.guard.repair._imports import removed
from goldenpath.guard.repair._imports import without as without_names
from goldenpath.guard.repair._move import is_taken_from
from goldenpath.guard.repair._source import Edit, EditError, Source
from goldenpath.guard.repair._strings import exports, named, with_strings
from goldenpath.guard.rules import _gp108 as GP108  # noqa: N812


def remove_aliases(view: View, began: View, *, besides_shims: bool = False) -> Changes:
    """Take away every alias and second path that nobody takes any more.

    Args:
        view: The tree as it is.
        began: As it was before the repair.
        besides_shims: Leave modules that only hand on as they are.
    """
    phase = Collector(view, began)
    by_file: dict[str, list[ImportPath]] = defaultdict(list)
    kept = {one.path for one in GP108.find(began)} if besides_shims else set()
    for offered in view.paths:
        if offered.path in kept:
            continue
        is_own_import = offered.kind == "from" and not exports(view, offered)
        if not offered.is_allowed and (offered.uses or not is_own_import):
            by_file[offered.path].append(offered)
    needed = _needed(view, began)
    for path, offers in sorted(by_file.items()):
        gone = []
        for offered in offers:
            if offered.uses:
                why = f"{offered.place} is still taken, in {len(offered.uses)} places"
                phase.leave(path, offered.line, why)
            elif _is_waived(view, ("GP102", "GP103"), path, offered.place):
                continue  # somebody answers for it, until a day
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


def _is_waived(view: View, codes: Sequence[str], path: str, subject: str) -> bool:
    return any(waiver_of(view, code, path, subject) for code in codes)


def _needed(view: View, began: View) -> dict[tuple[str, str], Left]:
    """Return the names in files on which something stands, and what that is.

    A string that names a path needs all that lead from there to the home, and so does
    everybody who takes one.
    """
    found: dict[tuple[str, str], Left] = {}
    for path in with_strings(view):
        for string in view.facts(path).strings:
            offered, _rest = named(view, path, string.text, began=began)
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


def _removing(phase: Collector, gone: list[ImportPath]) -> Callable[[File], None]:
    def work(file: File) -> None:
        statements: list[ast.Assign | ast.AnnAssign] = []
        exported = [
            *(
                one.name
                for one in gone
                if one.kind == "alias" and _remove_alias(phase, file, one, statements)
            ),
            *(one.name for one in gone if one.kind == "from"),
        ]
        _unexport(phase, file, exported)
        handed_on = [one for one in gone if one.kind == "from"]
        _remove_imports(file, handed_on, statements)
        known = {one.name for one in handed_on}
        heads = {dotted(one.value).partition(".")[0] for one in statements} - known
        _remove_unread(phase, file, heads, statements)

    return work


def _remove_alias(
    phase: Collector,
    file: File,
    offered: ImportPath,
    statements: list[ast.Assign | ast.AnnAssign],
) -> bool:
    """Take an alias away, if that is certain; note the statement that goes."""
    name, tree = offered.name, file.source.tree
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in _bound_by(node)
    ]
    if len(found) != 1 or not _is_plain(found[0]):
        phase.leave(file.path, offered.line, f"{name} is not bound once, by itself")
        return False
    (statement,) = found
    value = dotted(statement.value)
    if value == name:
        return False  # remove_noops is for that
    reads = reads_of(tree, name)
    head = value.partition(".")[0]
    if times_bound(tree, name) > 1 or (reads and times_bound(tree, head) > 1):
        why = f"{name} or {head} means something else further on"
        phase.leave(file.path, offered.line, why)
        return False
    for read in reads:
        span = (file.source.start(read), file.source.end(read))
        file.edits.append(Edit(*span, value.encode()))
    file.edits.append(removed(file.source, statement))
    file.what.append(f"line {offered.line}: {name} = {value} is gone")
    statements.append(statement)
    return True


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


def reads_of(tree: ast.Module, name: str) -> list[ast.Name]:
    """Return where a name is read."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
    ]


def times_bound(tree: ast.Module, name: str) -> int:
    return sum(_binds(node, name) for node in ast.walk(tree))


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


def _remove_imports(
    file: File, gone: list[ImportPath], statements: list[ast.Assign | ast.AnnAssign]
) -> None:
    """Take away imports of what was only handed on."""
    exports_of = [node for node in file.source.tree.body if _is_all(node)]
    besides = (*exports_of, *statements)
    names = {one.name for one in gone}
    for offered in gone:
        file.what.append(
            f"line {offered.line}: {offered.name} is not handed on any more"
        )
    unread = {name for name in names if not file.source.says(name, besides=besides)}
    for node in file.source.tree.body:
        if not isinstance(node, ast.ImportFrom):
            continue
        dropped = [one for one in node.names if (one.asname or one.name) in unread]
        if dropped and len(dropped) == len(node.names):
            file.edits.append(removed(file.source, node))
        elif dropped:
            file.edits += without_names(file.source, node, dropped)


def _remove_unread(
    phase: Collector,
    file: File,
    names: set[str],
    statements: list[ast.Assign | ast.AnnAssign],
) -> None:
    """Take away imports that only served the aliases that are gone."""
    view, path = phase.view, file.path
    reads = [
        one
        for one in ast.walk(file.source.tree)
        if isinstance(one, ast.Name) and one.id in {_target(s) for s in statements}
    ]
    unread = {
        name
        for name in names
        # What read the alias reads the name now.
        if not [one for one in reads if isinstance(one.ctx, ast.Load)]
        and not file.source.says(name, besides=statements)
        and name not in (view.facts(path).exported or ())
        and not is_taken_from(view, path, name)
    }
    for node in file.source.tree.body:
        if not isinstance(node, ast.ImportFrom):
            continue
        dropped = [one for one in node.names if (one.asname or one.name) in unread]
        if not dropped:
            continue
        if len(dropped) == len(node.names):
            file.edits.append(removed(file.source, node))
        else:
            file.edits += without_names(file.source, node, dropped)
        file.what.append(f"line {node.lineno}: what only the alias read is gone")


def _target(node: ast.stmt) -> str:
    return min(_bound_by(node)) if isinstance(node, ast.Assign | ast.AnnAssign) else ""


def _is_all(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return dotted(target) == "__all__"
        case ast.AugAssign(target=target):
            return dotted(target) == "__all__"
    return False


def _unexport(phase: Collector, file: File, names: Sequence[str]) -> None:
    """Take names out of ``__all__``.

    Raises:
        EditError: It is written in a way that is not edited.
    """
    exported = phase.view.facts(file.path).exported or ()
    gone = {name for name in names if name in exported}
    for node in file.source.tree.body:
        value = getattr(node, "value", None)
        if not _is_all(node) or not isinstance(value, ast.List | ast.Tuple):
            continue
        found = {
            index: str(item.value)
            for index, item in enumerate(value.elts)
            if isinstance(item, ast.Constant) and item.value in gone
        }
        file.edits += _without_items(file.source, value, sorted(found))
        gone -= set(found.values())
    if gone:
        listed = ", ".join(sorted(gone))
        raise EditError(f"__all__ names {listed} in a way that is not edited")


def _without_items(
    source: Source, sequence: ast.List | ast.Tuple, gone: Sequence[int]
) -> Iterator[Edit]:
    """Yield the edits that take items out, each with one comma."""
    items = sequence.elts
    last_kept = max((i for i in range(len(items)) if i not in gone), default=-1)
    tail = [index for index in gone if index > last_kept]
    lines = {index: line for index in gone if (line := _line_of(source, items[index]))}
    if tail and not all(index in lines for index in tail):
        behind = source.end(items[tail[-1]])
        rest = source.bytes[behind : source.end(sequence)]
        if last_kept < 0:
            before = source.start(items[tail[0]])
            behind += len(rest) - len(rest.lstrip(b" \t,"))
        else:
            before = source.end(items[last_kept])
        # One in round brackets alone is no tuple without its comma.
        is_lone = isinstance(sequence, ast.Tuple) and len(items) - len(gone) == 1
        comma = b"," if is_lone and b"," not in rest else b""
        yield dataclasses.replace(_uncommented(source, before, behind), new=comma)
        gone = [index for index in gone if index < last_kept]
    for index in gone:
        if index in lines:
            yield lines[index]
        else:
            behind = source.start(items[index + 1])
            yield _uncommented(source, source.start(items[index]), behind)


def _line_of(source: Source, item: ast.expr) -> Edit | None:
    """Return the edit that takes an item's line away; None if it is not its own."""
    start, end = source.start(item), source.end(item)
    line, line_end = source.line_start(start), source.line_end(end)
    is_own = not source.bytes[line:start].strip() and (
        source.bytes[end:line_end].strip() in (b",", b"")
    )
    return Edit(line, line_end, b"") if is_own else None


def _uncommented(source: Source, start: int, end: int) -> Edit:
    """Return the edit that takes bytes away, if nobody wrote a comment there.

    Raises:
        EditError: Somebody did.
    """
    if b"#" in source.bytes[start:end]:
        raise EditError("__all__ has comments between its names")
    return Edit(start, end, b"")


def remove_noops(view: View, began: View) -> Changes:
    """Take away names that are assigned to themselves (GP104)."""
    phase = Collector(view, began)
    by_file: dict[str, set[int]] = defaultdict(set)
    for path in view.candidates:
        for binding in view.facts(path).bindings:
            if (
                binding.kind == "alias"
                and binding.target == binding.name
                and not binding.scope
                and view.means_home(path, binding.target, line=binding.line)
                and not _is_waived(view, ["GP104"], path, f":{binding.name}")
            ):
                by_file[path].add(binding.line)

    def work(file: File) -> None:
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
    phase = Collector(view, began)
    for path in free_shims(phase):
        module = view.project.modules.name_of(path)
        what = f"{module} is gone: it only handed on, and nothing imports it"
        content = view.project.content(path)
        phase.made.changes.append(Change(path, content, None, (what,)))
    return phase.made


def free_shims(phase: Collector) -> list[str]:
    """Return the modules that only handed on and that nothing imports or names.

    Of the others it is noted who does.
    """
    view = phase.view
    shims = {
        finding.path: finding.subject
        for one in (phase.began, view)
        for finding in GP108.find(one)
        if finding.path in view.project.files
        and not _is_waived(view, ["GP108"], finding.path, finding.subject)
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
        if path not in gone:
            where, line = importers[0]
            more = f", and {len(importers) - 1} more" if len(importers) > 1 else ""
            why = f"{shims[path]} is still imported or named here{more}"
            phase.leave(where, line, why)
    return [path for path in waiting if path in gone]


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
