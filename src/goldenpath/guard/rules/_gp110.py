"""GP110: A path that leads nowhere.

What it finds:
    An import of the concept, or a string that names it for ``patch``,
    ``import_module`` or the like, which resolves to nothing in this tree.

Why it matters:
    An import fails when it runs, which may be late: inside a function, under a ``try``.
    A patch of a path that is gone fails too, or patches an attribute that nobody
    reads.

Example:
    ``patch("app.ws.old_manager.Manager")`` after ``old_manager.py`` is gone.

What to do instead:
    Name the home.

Is the fix safe?
    Where the name is the home's, yes: the path is replaced. Elsewhere a person knows
    what was meant.

When to allow it:
    Never in code that runs. Strings that only look like paths are not looked at, and
    nothing is said where a name is bound to something that cannot be followed, where
    another distribution may share the namespace, where a module may be built from
    another language, where a file outside of packages imports from beside itself, and
    where ``patch`` makes what is not there: with ``create=True``, or a name of Python's
    own such as ``open``.
"""

from __future__ import annotations

import builtins
import posixpath
from collections.abc import Iterator

from goldenpath.guard._facts import Binding, DottedString
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View
from goldenpath.guard.rules._missing import (
    class_lacks,
    may_be_elsewhere,
    module_lacks,
)

# Who takes a string for a path.
_TAKES_PATHS = frozenset(
    (
        "patch", "import_module", "import_string", "import_from_string", "setattr",
        "delattr", "resolve_name", "locate", "load_class", "__import__",
    )
)  # fmt: skip
# With these a call may name what is not there yet.
_MAKES_IT = frozenset(("create", "raising"))
_BUILTINS = frozenset(dir(builtins))


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each path that resolves to nothing."""
    for path in view.candidates:
        facts = view.facts(path)
        for binding in facts.bindings:
            if binding.kind in ("from", "import", "import_as", "star"):
                yield from _import(view, path, binding)
        for string in facts.strings:
            if string.receiver.rpartition(".")[2] in _TAKES_PATHS:
                yield from _string(view, path, string)
    for point in view.entry_points:
        text = point.dotted
        if (
            view.project.modules.is_own(text)
            and _concerns(view, text)
            and view.resolver.absolute(text) is None
            and _is_gone(view, "", text)
        ):
            what = f"the entry point {text} of {point.group} leads nowhere"
            yield _finding(view, point.path, point.line, 1, what=what, subject=text)


def _import(view: View, path: str, binding: Binding) -> Iterator[Finding]:
    init = posixpath.join(posixpath.dirname(path), "__init__.py")
    if binding.level and init not in view.project.files:
        return  # it may be put into another package before it runs
    if binding.kind == "from":
        answers = view.resolver.follow(path, binding)
        missing = [a.thing for a in answers if a.thing.kind == "missing"]
        if not missing or len(missing) < len(answers):
            return
        thing = missing[0]
    else:
        module = view.project.modules.absolute(path, binding.target, binding.level)
        if not module or not view.project.modules.is_own(module):
            return
        if view.resolver.module(module, importer=path) is not None:
            return
        thing = Thing("missing", "", module)
    if _concerns(view, thing.name) and _is_gone(view, path, thing.name):
        yield _finding(
            view,
            path,
            binding.line,
            binding.column + 1,
            what=f"the import of {thing.name} leads nowhere",
            subject=thing.name,
        )


def _string(view: View, path: str, string: DottedString) -> Iterator[Finding]:
    text = string.text.replace(":", ".")
    if not view.project.modules.is_own(text) or not _concerns(view, text):
        return
    if view.resolver.absolute(text, importer=path) is not None:
        return
    if _is_made(view, path, string) or not _is_gone(view, path, text):
        return
    yield _finding(
        view,
        path,
        string.line,
        string.column,
        what=f"{string.receiver}({string.text!r}) leads nowhere",
        subject=string.text,
    )


def _is_made(view: View, path: str, string: DottedString) -> bool:
    """Tell whether a call makes what its string names, if that is not there."""
    module, _, name = string.text.replace(":", ".").rpartition(".")
    is_patch = string.receiver.rpartition(".")[2] == "patch"
    if is_patch and name in _BUILTINS:
        return view.resolver.module(module, importer=path) is not None
    return any(
        call.target == string.receiver
        and call.line <= string.line <= call.line + 1
        and not _MAKES_IT.isdisjoint(call.keywords)
        for call in view.facts(path).calls
    )


def _is_gone(view: View, path: str, dotted: str) -> bool:
    """Tell whether a path that was not found certainly is not there."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        module = view.resolver.module(".".join(parts[:length]), importer=path)
        if module is None:
            continue
        if not module.thing.path:
            return not may_be_elsewhere(view, dotted, importer=path)
        if view.is_test(module.thing.path) and not view.is_test(path):
            return False  # tests' packages may be called like those of others
        name, *attributes = parts[length:] or [""]
        found = view.resolver.member(module.thing.path, name)
        if not found:
            return module_lacks(
                view, module.thing.path, name
            ) and not view.project.may_build(module.thing.path, name)
        return not attributes or all(
            class_lacks(view, answer.thing, attributes[0], path=path)
            for answer in found
            if answer.thing.kind == "class"
        )
    return True


def _concerns(view: View, dotted: str) -> bool:
    """Tell whether a path is about the concept: by a name of it, or of its family.

    A package that is called like the concept is round everything, and says nothing.
    """
    known = {offered.name for offered in view.paths}
    if view.factory is not None:
        known.add(view.factory.name)
    first, *parts = dotted.split(".")
    if not view.home_place.startswith(f"{first}."):
        parts.append(first)
    return any(part in known or view.is_of_family(part) for part in parts)


def _finding(
    view: View, path: str, line: int, column: int, *, what: str, subject: str
) -> Finding:
    return Finding(
        code="GP110",
        concept=view.concept.name,
        path=path,
        line=line,
        column=column,
        message=f"{what}; the home of {view.concept.name!r} is {view.home_place}",
        subject=subject,
        evidence=(Evidence(path, line, "nothing in this tree has that path"),),
        is_test=view.is_test(path),
    )
