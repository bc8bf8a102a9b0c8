"""GP109: A rival that nobody uses.

What it finds:
    A rival implementation (GP101) that no other file imports, and that is made
    nowhere.

Why it matters:
    It costs whoever reads it, and invites the next person to use it. It is also the
    cheapest step of a repair.

Example:
    ``legacy_manager.py``, left when its last importer moved.

What to do instead:
    Delete it.

Is the fix safe?
    Yes, unless something names it by a string; strings that could be found are counted
    as uses.

When to allow it:
    Never for long: what nobody uses is not tested either.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._facts import FileFacts
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._rivals import rivals
from goldenpath.guard._view import View


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each rival without users."""
    for rival in view.once(rivals):
        if not rival.is_rival or any(rival.made) or any(rival.imported):
            continue
        thing = rival.thing
        if _is_read(view.facts(thing.path), thing.name):
            continue
        place = view.place_of(thing)
        named = view.strings_naming(thing)
        if named:
            continue
        yield Finding(
            code="GP109",
            concept=view.concept.name,
            path=thing.path,
            line=thing.line,
            column=rival.class_.column + 1,
            message=(
                f"nobody imports or makes {place}; "
                f"the home of {view.concept.name!r} is {view.home_place}"
            ),
            subject=place,
            evidence=(
                Evidence(
                    thing.path,
                    thing.line,
                    f"looked for in {len(view.project.files)} files",
                ),
            ),
            is_test=view.is_test(thing.path),
        )


def _is_read(facts: FileFacts, name: str) -> bool:
    """Tell whether its own module hands a class on, or derives another from it."""
    return any(
        text.partition(".")[0] == name
        and scope != name
        and not scope.startswith(f"{name}.")
        for text, scope, _line in facts.reads
    )
