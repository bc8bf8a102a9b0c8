"""Puts the home in the place of subclasses that add nothing to it.

``class Hub(Manager): pass`` is another object than the home, and so nobody may be moved
unless it is looked at what they do with it: this is for people who asked for more than
what is certain.

Rule 1: to make one, to derive from one, to annotate with one and to read an attribute
        of it goes on with the home. All else may tell the two apart.
Rule 2: the home may tell them apart, too, by what its class is called or keeps.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from goldenpath.guard._resolve import Hop
from goldenpath.guard._syntax import FUNCTIONS, dotted
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.repair._changes import Change, Changes, Collector, File
from goldenpath.guard.repair._move import move_importers
from goldenpath.guard.repair._places import Places
from goldenpath.guard.repair._remove import remove_aliases, times_bound
from goldenpath.guard.repair._source import Edit, EditError, Source
from goldenpath.guard.repair._strings import _is_handed_on

# Who is given a class and does with it what can be done with the home.
_TAKES_CLASSES = frozenset(("cast", "Depends", "create_autospec"))
_SPECS = frozenset(("spec", "spec_set", "autospec"))


def replace_empty_subclasses(view: View, began: View) -> Changes:
    """Let everybody take the home for a subclass that adds nothing (GP103).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    plain = [
        offered
        for offered in view.paths
        if offered.kind == "subclass"
        and _holds(phase, offered, lambda one: _require_plain(view, one))
    ]
    if not plain:
        return phase.made
    # Who takes an alias is known better than who takes a class of its own.
    aliases = _changed(view, _aliases(phase, plain).changes)
    going = [
        offered
        for offered in plain
        if _holds(phase, offered, lambda one: _require_alike(view, aliases, one))
    ]
    while going:
        contents, what, staying = _without(phase, aliases, going)
        if not staying:
            for path, after in sorted(contents.items()):
                before = view.project.content(path)
                phase.made.changes.append(
                    Change(path, before, after, tuple(what[path]))
                )
            break
        for offered in going:
            if _place(offered) in staying:
                why = f"{offered.place} would still be taken by somebody"
                phase.leave(offered.path, offered.line, why)
        going = [one for one in going if _place(one) not in staying]
    return phase.made


def _place(one: ImportPath | Hop) -> tuple[str, str]:
    return one.path, one.name


def _without(
    phase: Collector, aliases: View, going: Sequence[ImportPath]
) -> tuple[dict[str, bytes | None], Mapping[str, list[str]], set[tuple[str, str]]]:
    """Return what files become, what is done in them, and the subclasses that stay.

    A subclass becomes an alias first, which is the very same object: from there on it
    is as with any other, and so are all that lead to it.
    """
    view = phase.view
    contents: dict[str, bytes | None] = {}
    what: dict[str, list[str]] = defaultdict(list)
    mine = {_place(one) for one in going}
    led = {
        _place(other): _place(hop)
        for other in aliases.paths
        for hop in other.chain
        if _place(hop) in mine
    }
    made, now = _aliases(phase, going), view
    for step in (
        lambda now: move_importers(now, now, tests=False),
        lambda now: move_importers(now, now, tests=True),
        lambda now: remove_aliases(now, now),
        None,
    ):
        for one in made.changes:
            contents[one.path] = one.after
            what[one.path] += one.what
        now = _changed(now, made.changes)
        # Other ways to the home are the business of other phases.
        now.paths = [o for o in now.paths if o.is_allowed or _place(o) in led]
        if step is not None:
            made = step(now)
    return (
        contents,
        what,
        {
            led[_place(one)]
            for one in now.paths
            if not one.is_allowed and _is_handed_on(now, one)
        },
    )


def _holds(
    phase: Collector, offered: ImportPath, require: Callable[[ImportPath], None]
) -> bool:
    """Tell whether something that is required holds; where not, it is listed."""
    try:
        require(offered)
    except EditError as error:
        phase.leave(offered.path, offered.line, str(error))
        return False
    return True


def _changed(view: View, changes: Sequence[Change]) -> View:
    project = view.project.changed({one.path: one.after for one in changes})
    return View(project, view.concept, view.configuration)


def _aliases(phase: Collector, going: Sequence[ImportPath]) -> Changes:
    """Return the changes after which subclasses are aliases."""
    collector = Collector(phase.view, phase.began)
    names: dict[str, set[str]] = defaultdict(set)
    for offered in going:
        names[offered.path].add(offered.name)
    for path in sorted(names):
        collector.edit(path, lambda file: _to_aliases(file, names[file.path]))
    return collector.made


def _to_aliases(file: File, names: set[str]) -> None:
    source = file.source
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and node.name in names:
            base = node.bases[0]
            text = source.bytes[source.start(base) : source.end(base)]
            span = (source.start(node), source.end(node))
            file.edits.append(Edit(*span, node.name.encode() + b" = " + text))
            file.what.append(f"line {node.lineno}: class {node.name} adds nothing")


# Who may tell the two apart.


def _require_alike(view: View, aliases: View, offered: ImportPath) -> None:
    """Refuse a subclass that somebody may tell from the home.

    Args:
        view: The tree as it is.
        aliases: As it would be if the subclass were an alias.
        offered: The subclass.

    Raises:
        EditError: Somebody may; the message says who.
    """
    _require_indifferent(view, aliases.related)
    texts: dict[str, set[str]] = defaultdict(set)
    texts[offered.path].add(offered.name)
    for other in aliases.paths:
        if _place(offered) not in map(_place, other.chain):
            continue
        for use in other.uses:
            if use.path not in view.project.files:
                raise EditError(f"the entry point {other.place} names it")
            texts[use.path].add(use.name)
    for path, names in sorted(texts.items()):
        source = Source(view.project.content(path))
        places = Places(source.tree)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call | ast.Attribute) and _is_class_of(node):
                raise EditError(f"{path}:{node.lineno} asks what class something is of")
            text = dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""
            if text in names and not _is_indifferent(places, node):
                line = getattr(node, "lineno", 0)
                raise EditError(f"{path}:{line} may tell {offered.name} from the home")


def _require_plain(view: View, offered: ImportPath) -> None:
    tree = Source(view.project.content(offered.path)).tree
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == offered.name
    ]
    if len(found) != 1 or times_bound(tree, offered.name) > 1:
        raise EditError(f"{offered.name} is not defined once, at the top")
    if found[0].decorator_list or found[0].keywords:
        raise EditError(f"{offered.name} is more than a name: it is decorated or made")
    if not dotted(found[0].bases[0]):
        raise EditError(f"{offered.name} is derived from what has no plain name")


def _require_indifferent(view: View, related: Collection[str]) -> None:
    """Refuse where subclasses of the home differ by being subclasses.

    Raises:
        EditError: They do.
    """
    home = view.home
    asking = view.mentioning(["__subclasses__"])
    if asking:
        raise EditError(f"{asking[0]} asks for subclasses")
    for class_ in (home, *view.resolver.ancestors(home)):
        facts = view.resolver.class_of(class_)
        if facts is None:
            continue
        if "__init_subclass__" in view.resolver.methods(class_) or facts.keywords:
            raise EditError(f"{class_.name} is told of its subclasses")
        tree = Source(view.project.content(class_.path)).tree
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ClassDef)
                and node.name == class_.name.rpartition(".")[2]
                and any(_is_about_itself(one) for one in ast.walk(node))
            ):
                raise EditError(f"{class_.name} asks for its own class")
    for path in sorted(related):
        for node in ast.walk(Source(view.project.content(path)).tree):
            if isinstance(node, ast.Compare) and any(
                _is_class_of(one) for one in (node.left, *node.comparators)
            ):
                raise EditError(f"{path}:{node.lineno} compares classes")


def _is_class_of(node: ast.expr) -> bool:
    """Tell whether an expression is ``type(x)`` or ``x.__class__``."""
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    return (
        isinstance(node, ast.Call)
        and dotted(node.func) == "type"
        and len(node.args) == 1
    )


def _is_about_itself(node: ast.AST) -> bool:
    """Tell whether a class asks what it is, or keeps something for itself alone."""
    if isinstance(node, ast.Attribute):
        is_stored = isinstance(node.ctx, ast.Store) and dotted(node.value) == "cls"
        return is_stored or node.attr in ("__name__", "__qualname__", "__class__")
    return isinstance(node, ast.Call) and _is_class_of(node)


def _is_indifferent(places: Places, node: ast.AST) -> bool:
    """Tell whether what is done with a class can be done with the home as well."""
    if not isinstance(getattr(node, "ctx", None), ast.Load):
        return False
    match places.parent(node):
        case ast.Call() as call:
            is_handed = dotted(call.func).rpartition(".")[2] in _TAKES_CLASSES
            return call.func is node or is_handed
        case ast.Attribute(attr=attribute):
            return not attribute.startswith("__")
        case ast.ClassDef() as class_:
            return node in class_.bases
        case ast.keyword(arg=argument):
            return argument in _SPECS
    return any(_annotations(places, node))


def _annotations(places: Places, node: ast.AST) -> Iterator[bool]:
    for child, parent in places.above(node):
        match parent:
            case ast.AnnAssign() | ast.arg():
                yield child is parent.annotation
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield child is parent.returns
        if isinstance(parent, (*FUNCTIONS, ast.Lambda)):
            return
