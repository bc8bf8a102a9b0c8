"""How rules show the way to a home, and who takes it."""

from __future__ import annotations

from goldenpath.guard._findings import Evidence
from goldenpath.guard._view import ImportPath

_MOST_USERS = 20

_HOPS = {
    "from": "imported",
    "star": "brought by a star import",
    "alias": "assigned",
    "import": "imported",
    "import_as": "imported under this name",
    "getattr": "given by __getattr__",
    "subclass": "derived without a body",
    "entry": "kept in a dictionary",
}


def chain_of(offered: ImportPath) -> tuple[Evidence, ...]:
    """Return the steps from a path to the home."""
    return tuple(
        Evidence(hop.path, hop.line, f"{hop.name} is {_HOPS.get(hop.kind, hop.kind)}")
        for hop in offered.chain
    )


def users_of(offered: ImportPath) -> tuple[Evidence, ...]:
    """Return who takes a path, the first of them."""
    shown = [
        Evidence(use.path, use.line, f"takes it as {use.name}")
        for use in offered.uses[:_MOST_USERS]
    ]
    more = len(offered.uses) - len(shown)
    if more > 0:
        last = offered.uses[_MOST_USERS]
        shown.append(Evidence(last.path, last.line, f"and {more} more"))
    return tuple(shown)


def counted(offered: ImportPath) -> tuple[int, int]:
    """Return how often the application and tests take a path."""
    application = sum(not use.is_test for use in offered.uses)
    return application, len(offered.uses) - application


def people(offered: ImportPath) -> str:
    """Say how often a path is taken."""
    application, tests = counted(offered)
    if not offered.uses:
        return "which nobody takes"
    return f"taken by {application} in the application and {tests} in tests"
