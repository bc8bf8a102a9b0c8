"""GP103: An alias of the home.

What it finds:
    The home goes by another name: ``Hub = Manager``, ``from … import Manager as Hub``
    that somebody else imports, ``class Hub(Manager): pass``, a dictionary from which
    it is taken.

Why it matters:
    An alias hides what is used. Whoever searches for the home does not find those who
    take the alias, and one day somebody gives the alias a body of its own.

Example:
    ``WebSocketManager = UnifiedWebSocketManager``.

What to do instead:
    Use the home's own name. If the name is wrong, rename the home.

Is the fix safe?
    Yes for plain aliases: their users change to the home's name. A subclass without a
    body is another class, so ``isinstance`` and ``except`` must be looked at.

When to allow it:
    A deprecated name that warns, until a date: write a waiver. A subclass that a test
    makes for itself, and the subclasses of an exception, are not named: that is what
    they are for.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._findings import Finding
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.rules._chains import chain_of, people, users_of

_WORDS = {
    "alias": "an alias",
    "subclass": "an alias (a subclass that adds nothing)",
    "entry": "an alias (by way of a dictionary)",
    "from": "an alias",
    "getattr": "an alias (by way of __getattr__)",
}
_EXCEPTIONS = ("Error", "Exception", "Warning")


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each other name of the home."""
    for offered in view.paths:
        if offered.is_allowed or not _is_alias(view, offered):
            continue
        chain = " -> ".join(
            dict.fromkeys((offered.name, *(hop.name for hop in offered.chain)))
        )
        yield Finding(
            code="GP103",
            concept=view.concept.name,
            path=offered.path,
            line=offered.line,
            message=(
                f"{offered.place} is {_WORDS[offered.kind]} of "
                f"{view.concept.name!r}, {people(offered)}; "
                f"its home is {view.home_place}"
            ),
            subject=offered.place,
            evidence=(*chain_of(offered), *users_of(offered)),
            is_test=view.is_test(offered.path),
            data={"kind": offered.kind, "chain": chain, "uses": len(offered.uses)},
        )


def _is_alias(view: View, offered: ImportPath) -> bool:
    if offered.kind == "subclass":
        is_own_business = view.is_test(offered.path) and not offered.uses
        return not is_own_business and not _is_exception(view)
    if offered.kind == "entry":
        return True
    # The same name in another place is a second path, and has a rule of its own.
    if offered.name == view.home.name:
        return False
    if offered.kind == "alias":
        return not _is_own_name(offered)
    if offered.kind not in ("from", "getattr"):
        return False
    # ``import … as`` for oneself is a matter of taste; for others it is a name.
    exported = view.facts(offered.path).exported or ()
    return bool(offered.uses) or offered.name in exported


def _is_exception(view: View) -> bool:
    names = [one.name for one in (view.home, *view.resolver.ancestors(view.home))]
    return any(name.endswith(_EXCEPTIONS) for name in names)


def _is_own_name(offered: ImportPath) -> bool:
    return len(offered.chain) > 1 and offered.chain[1].name == offered.name
