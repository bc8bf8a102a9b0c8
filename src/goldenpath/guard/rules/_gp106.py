"""GP106: The factory is passed by.

What it finds:
    The class is made directly where the concept has a factory, or the factory is
    called without what it needs to know whom the thing is for.

Why it matters:
    The factory is where user, thread and run are bound. What is made without it is
    bound to nobody, and can send one user's answer to another.

Example:
    ``Manager()`` in a route, where ``manager_for(user)`` is the way.

What to do instead:
    Call the factory.

Is the fix safe?
    Only where what the factory needs is at hand; elsewhere the place is listed.

When to allow it:
    Where the home's own module offers a second way on purpose. Not named are: the
    factory and what it calls in its module; all of that module, if the factory hands
    out what was made before; the home's methods; and the tests of the home's module,
    such as ``test_manager.py`` of ``manager.py``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import Construction, View
from goldenpath.guard._words import words_of

# Whom a thing is for, by a word of a parameter's name or of its type.
_PEOPLE = frozenset(
    (
        "account", "actor", "caller", "customer", "identity", "member", "org",
        "organisation", "organization", "owner", "person", "principal", "team",
        "tenant", "user", "users", "workspace",
    )
)  # fmt: skip
# Likewise, by the whole name: ``dry_run`` is no run, and ``ssl_context`` none of ours.
_OCCASIONS = frozenset(
    ("chat", "context", "conversation", "request", "run", "session", "thread")
)


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each place that passes the factory by."""
    factory = view.factory
    if factory is None:
        return
    place = view.place_of(factory)
    for made in view.constructions:
        what = _wrong(view, made)
        if not what:
            continue
        call = made.call
        yield Finding(
            code="GP106",
            concept=view.concept.name,
            path=made.path,
            line=call.line,
            column=call.column + 1,
            message=f"{what}; {view.concept.name!r} is made by {place}",
            subject=f"{call.scope}:{made.through}",
            evidence=(
                Evidence(made.path, call.line, f"calls {made.through}"),
                Evidence(factory.path, factory.line, "the factory"),
            ),
            is_test=made.is_test,
        )


def _wrong(view: View, made: Construction) -> str:
    factory = view.factory
    assert factory is not None
    if made.via_factory:
        call = made.call
        if call.has_star or call.positional or call.keywords:
            return ""
        if not view.once(asks_for_whom):
            return ""
        return f"{made.through}() is called without saying whom it is for"
    is_own = made.path == view.home.path and _is_in(made.call.scope, view.home.name)
    if is_own or _is_the_factory_s(view, factory, made) or _is_its_test(view, made):
        return ""
    return f"{made.through} is made directly"


def _is_in(scope: str, name: str) -> bool:
    return f"{scope}.".startswith(f"{name}.")


def asks_for_whom(view: View) -> bool:
    """Tell whether the factory has a parameter that says whom the thing is for."""
    factory = view.factory
    assert factory is not None
    return any(
        not _PEOPLE.isdisjoint((*words, *words_of(binding.target)))
        or words[-1:] in (("id",), ("sid",), ("uid",))
        or binding.name.strip("_") in _OCCASIONS
        for binding in view.facts(factory.path).bindings
        if binding.kind == "parameter" and binding.scope == factory.name
        for words in [words_of(binding.name)]
    )


def _is_the_factory_s(view: View, factory: Thing, made: Construction) -> bool:
    """Tell whether a place is part of the factory, or makes what that hands out."""
    if made.path != factory.path:
        return False
    parts = view.once(_parts)
    if any(_is_in(made.call.scope, name) for name in parts):
        return True
    return not view.once(_makes_one)


def _parts(view: View) -> frozenset[str]:
    """Return the factory's name, and those of functions beside it that it calls."""
    assert view.factory is not None
    facts = view.facts(view.factory.path)
    beside = {one.name for one in facts.functions if not one.scope}
    found: set[str] = set()
    waiting = {view.factory.name}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {
            call.target
            for call in facts.calls
            if _is_in(call.scope, name) and call.target in beside
        } - found
    return frozenset(found)


def _makes_one(view: View) -> bool:
    """Tell whether the factory makes one, or has the home or somebody else make it."""
    factory, parts = view.factory, view.once(_parts)
    assert factory is not None
    for call in view.facts(factory.path).calls:
        if not any(_is_in(call.scope, name) for name in parts):
            continue
        made = view.resolver.made_by(
            factory.path, call.target, scope=call.scope, line=call.line
        )
        if call.target not in parts and any(map(view.derives, made)):
            return True
        owner = call.target.rpartition(".")[0]
        if owner and view.means_home(
            factory.path, owner, scope=call.scope, line=call.line
        ):
            return True
    return False


def _is_its_test(view: View, made: Construction) -> bool:
    """Tell whether a place is in the tests of the home, such as ``test_manager.py``."""
    module = posixpath.basename(view.home.path).removesuffix(".py")
    name = posixpath.basename(made.path).removesuffix(".py")
    return made.is_test and name in (f"test_{module}", f"{module}_test")
