"""Whether what was not found is certainly not there.

Rule 1: a name that is bound in any way is there, also if nobody can follow it.
Rule 2: what others put on an object counts, and what a subclass brings along.
Rule 3: a namespace that other distributions may share says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from goldenpath.guard._facts import Call, FileFacts
from goldenpath.guard._project import Question
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View

# Every module has these, and nobody binds them.
_EVERY_MODULE = frozenset(
    (
        "__annotations__", "__builtins__", "__cached__", "__dict__", "__doc__",
        "__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__",
    )
)  # fmt: skip


def module_lacks(view: View, path: str, name: str) -> bool:
    """Tell whether a module certainly has no such name.

    Args:
        view: Where it is.
        path: The module's file.
        name: The name that could not be followed.
    """
    facts = view.facts(path)
    if name in _EVERY_MODULE or _is_written_otherwise(view, path, facts):
        return False
    return not any(
        binding.name in (name, "__getattr__") and not binding.scope
        for binding in facts.bindings
        if binding.kind not in ("entry", "lazy")
    )


def _is_written_otherwise(view: View, path: str, facts: FileFacts) -> bool:
    """Tell whether a module's names are also made in a way that nobody can read."""
    if any(text == "sys.modules" for text, _scope, _line in facts.reads):
        return True
    return any(
        call.target in ("globals", "exec")
        or ("__name__" in call.arguments and _is_replaced_by(view, path, call))
        for call in facts.calls
    )


def _is_replaced_by(view: View, path: str, call: Call) -> bool:
    """Tell whether a module gives its name to somebody who may put another there."""
    answers = view.resolver.lookup(path, call.target, scope=call.scope, line=call.line)
    return any(
        (thing.kind == "external" and not call.is_used_otherwise)
        or (thing.kind == "function" and view.facts(thing.path).replaces_itself)
        for thing in (answer.thing for answer in answers)
    )


def class_lacks(
    view: View, class_: Thing, name: str, *, path: str, is_self: bool = False
) -> bool:
    """Tell whether an instance of a class certainly has no such attribute.

    Args:
        view: Where it is.
        class_: The class.
        name: The attribute that could not be followed.
        path: The file that asks for it.
        is_self: It asks by ``self``, which may be of a subclass.
    """
    ways = (class_, *view.resolver.ancestors(class_))
    if any(_binds(view, one, name) for one in ways if one.kind == "class"):
        return False
    if is_self and _is_brought_along(view, class_, name, path):
        return False
    return not _is_set_from_outside(view, name, path)


def _binds(view: View, class_: Thing, name: str) -> bool:
    return any(
        binding.name == name and binding.scope == class_.name
        for binding in view.facts(class_.path).bindings
    )


def _is_brought_along(view: View, class_: Thing, name: str, asker: str) -> bool:
    """Tell whether a class that is derived from another one may have it."""
    for below in heirs(view, class_, asker=asker):
        found = view.resolver.method(below, name)
        if found is None or found.kind != "missing":
            return True
    return False


def heirs(view: View, class_: Thing, *, asker: str) -> Iterator[Thing]:
    """Yield the classes that are derived from a class, near or far.

    Those of tests are of no use to the application.

    Args:
        view: Where they are looked for.
        class_: The class.
        asker: The file that asks.
    """
    known = view.once(_families)
    if class_ not in known:
        known[class_] = list(_family_of(view, class_))
    for below in known[class_]:
        if view.is_test(asker) or not view.is_test(below.path):
            yield below


def _families(_view: View) -> dict[Thing, list[Thing]]:
    """Return what is known of who is derived from whom; it grows as it is asked."""
    return {}


def _family_of(view: View, class_: Thing) -> Iterator[Thing]:
    names, seen = {class_.name}, {class_}
    while names:
        found = {
            below
            for path in view.mentioning(names)
            for below in _classes_of(view, path)
            if below not in seen and class_ in view.resolver.ancestors(below)
        }
        seen |= found
        names = {below.name.rpartition(".")[2] for below in found}
        yield from sorted(found, key=lambda one: (one.path, one.line))


def _classes_of(view: View, path: str) -> Iterator[Thing]:
    for one in view.facts(path).classes:
        yield Thing("class", path, one.qualified, one.line)


def _is_set_from_outside(view: View, name: str, asker: str) -> bool:
    """Tell whether somebody writes ``x.name = …``, x being no ``self``.

    What a test puts on its own object is no help to the application.
    """
    known = view.once(_writers)
    if name not in known:
        known[name] = list(_written_in(view, name))
    if view.is_test(asker):
        return bool(known[name])  # its fixtures may be anywhere
    return any(not view.is_test(path) for path in known[name])


def _writers(_view: View) -> dict[str, list[str]]:
    """Return what is known of who writes an attribute; it grows as it is asked."""
    return {}


def _written_in(view: View, name: str) -> Iterator[str]:
    word = name.encode()
    written = re.compile(
        rb"(?<!\bself)(?<!\bcls)\.%b\s*(?::[^=\n]+)?=(?!=)|setattr\([^\n]*[\"']%b[\"']"
        % (word, word)
    )
    question = Question(
        lambda content: word in content and written.search(content) is not None,
        ("written from outside", name),
    )
    yield from view.project.choose(view.project.files, question)


def may_be_elsewhere(view: View, name: str, *, importer: str) -> bool:
    """Tell whether a module that is not in this tree may be in another distribution.

    Folders without an ``__init__.py`` and without a module of their own, such as
    ``google``, are what distributions share.

    Args:
        view: The tree.
        name: The absolute name of what is not there.
        importer: Who asks.
    """
    modules = view.project.modules
    while name := name.rpartition(".")[0]:
        nearest = view.resolver.module(name, importer=importer)
        if nearest is not None:
            return not nearest.thing.path and not any(
                (modules.file_of(f"{name}.{child}") or "__init__.py").rpartition("/")[2]
                != "__init__.py"
                for child in modules.children(name)
            )
    return False
