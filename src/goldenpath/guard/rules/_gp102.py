"""GP102: A second import path to the home.

What it finds:
    The home can be imported under another dotted path than its own or its door's:
    a package's face, a module that hands it on, a star import, a lazy
    ``__getattr__``.

Why it matters:
    Two paths are two names for one thing. Half of the code takes one and half the
    other; a patch of one does not reach the other, and whoever looks for the
    importers of one misses half of them.

Example:
    ``from app.ws.manager import Manager`` in ``app/__init__.py``, and somebody
    imports it from there.

What to do instead:
    Import it from its home. If one short path is wanted, name it as the concept's
    ``door``.

Is the fix safe?
    Yes, where names are imported by ``from``: the importers change, nothing else.

When to allow it:
    A path that strangers import, until they have moved: name it as the door.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._findings import Finding
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.rules._chains import chain_of, counted, people, users_of

_KINDS = ("from", "star", "getattr", "alias")


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each path that somebody takes, or that is meant to be."""
    for offered in view.paths:
        if offered.kind not in _KINDS or not _is_meant(view, offered):
            continue
        application, tests = counted(offered)
        yield Finding(
            code="GP102",
            concept=view.concept.name,
            path=offered.path,
            line=offered.line,
            message=(
                f"{offered.place} is a second import path of {view.concept.name!r}, "
                f"{people(offered)}; its home is {view.home_place}"
            ),
            subject=offered.place,
            evidence=(*chain_of(offered), *users_of(offered)),
            is_test=view.is_test(offered.path),
            data={"application": application, "tests": tests, "kind": offered.kind},
        )


def _is_meant(view: View, offered: ImportPath) -> bool:
    """Tell whether it is more than an import that a module makes for itself."""
    if offered.name != view.home.name:
        return False  # another name is an alias, and has a rule of its own
    if offered.uses:
        return True
    facts = view.facts(offered.path)
    return offered.name in (facts.exported or ())
