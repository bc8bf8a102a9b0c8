"""GP108: A module that only hands on another's names.

What it finds:
    A module without anything of its own: imports, perhaps an ``__all__``, perhaps an
    alias, and among them the home.

Why it matters:
    It is where an old path lives on. As long as it is there, somebody imports from it,
    and a module with a name like the home's is taken for the home.

Example:
    ``manager.py`` that imports two classes from elsewhere and defines nothing.

What to do instead:
    Move its importers to the home, then remove it.

Is the fix safe?
    Removing it is, once nobody imports it any more; strings that name it count.

When to allow it:
    A package's ``__init__.py`` with modules beside it: it must stay, and that it hands
    the home on is told by GP102.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._facts import FileFacts
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.rules._chains import counted, users_of

_HANDS_ON = frozenset(("from", "import", "import_as", "star", "alias"))


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each such module."""
    by_file: dict[str, list[ImportPath]] = {}
    for offered in view.paths:
        by_file.setdefault(offered.path, []).append(offered)
    for path, offers in sorted(by_file.items()):
        facts = view.facts(path)
        if any(one.is_allowed for one in offers) or not _is_shim(facts):
            continue
        if _is_face(view, path):
            continue
        if not any(_is_meant(facts, one) for one in offers):
            continue
        taken = [counted(one) for one in offers]
        application = sum(one[0] for one in taken)
        tests = sum(one[1] for one in taken)
        module = view.project.modules.name_of(path)
        names = ", ".join(sorted({offered.name for offered in offers}))
        who = (
            f"{application} in the application and {tests} in tests import from it"
            if application + tests
            else "nobody imports from it"
        )
        yield Finding(
            code="GP108",
            concept=view.concept.name,
            path=path,
            line=min(one.line for one in offers),
            message=(
                f"{module} only hands on {names}; "
                f"{who}; the home of {view.concept.name!r} is {view.home_place}"
            ),
            subject=module,
            evidence=(
                Evidence(path, 1, "defines nothing of its own"),
                *(one for offered in offers for one in users_of(offered)),
            ),
            is_test=view.is_test(path),
            data={"application": application, "tests": tests},
        )


def _is_meant(facts: FileFacts, offered: ImportPath) -> bool:
    """Tell whether a module offers it, and has not only imported it."""
    is_other = offered.kind not in ("from", "star")
    return bool(offered.uses) or is_other or offered.name in (facts.exported or ())


def _is_face(view: View, path: str) -> bool:
    """Tell whether it is a package's own file, which must stay for its modules."""
    is_package = path.rpartition("/")[2] == "__init__.py"
    modules = view.project.modules
    return is_package and bool(modules.children(modules.name_of(path)))


def _is_shim(facts: FileFacts) -> bool:
    if facts.error or facts.classes or facts.tests:
        return False
    functions = {function.name for function in facts.functions} - {
        "__getattr__",
        "__dir__",
    }
    if functions:
        return False
    names = {
        binding.name
        for binding in facts.bindings
        if not binding.scope
        and binding.kind not in _HANDS_ON
        # The table of a lazy module is how it hands on.
        and not (facts.has_getattr and binding.kind in ("def", "lazy", "value"))
    }
    # What a module may say about itself is nothing of its own.
    return not {n for n in names if not (n.startswith("__") and n.endswith("__"))} - {
        "warnings"
    }
