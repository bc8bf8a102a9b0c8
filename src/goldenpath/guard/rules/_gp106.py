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
    In the factory itself, in the home's own module, and in tests of the class.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._view import Construction, View


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
    scope = made.call.scope
    if made.via_factory:
        function = view.resolver.function_of(factory)
        call = made.call
        if function is None or call.has_star or call.positional or call.keywords:
            return ""
        if not function.signature.positional and not function.signature.keywords:
            return ""
        return f"{made.through}() is called without saying whom it is for"
    is_inside_factory = made.path == factory.path and (
        scope == factory.name or scope.startswith(factory.name + ".")
    )
    is_own = made.path == view.home.path and (
        scope == view.home.name or scope.startswith(view.home.name + ".")
    )
    if is_inside_factory or is_own:
        return ""
    return f"{made.through} is made directly"
