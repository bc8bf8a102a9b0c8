"""GP101: A rival implementation.

What it finds:
    A class elsewhere that does the concept's job, whatever it is called: it speaks of
    what the concept is about and of what the home speaks of, in its names, comments,
    keys and addresses; it does much itself, for this tree; somebody uses it; its
    methods are not given other things than the home's namesakes. Among fewer classes
    than eight there is nothing to compare that with, and its name and its methods have
    to tell. It is named with a score and the reasons, never for its name alone.

Why it matters:
    Half of the code talks to one and half to the other. A fix of one leaves the other
    as it was, and a connection that is in one is not in the other.

Example:
    ``UnifiedManager`` with ``connect``, ``disconnect`` and ``broadcast`` beside the
    home's.

What to do instead:
    Merge what it can do and the home cannot, move its users, remove it.

Is the fix safe?
    It is not made where behaviour differs: the differing methods are listed for a
    person.

When to allow it:
    Protocols, abstract bases, other fulfilments of those that the home fulfils,
    stand-ins in the concept's folders for them, and whatever hands on to the home
    (adapters, and wrappers that measure, cache, lock or retry) are no rivals, and are
    hardly ever named. In a tree of very many classes, one that is not given
    what the home's methods are given is hardly ever named either. How often that is
    right is measured: docs/reference/guard-precision.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._rivals import Rival, rivals
from goldenpath.guard._view import View


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each rival."""
    for rival in view.once(rivals):
        if rival.is_rival:
            yield _finding(view, rival)


def _finding(view: View, rival: Rival) -> Finding:
    thing = rival.thing
    place = view.place_of(thing)
    told = next(
        (one for one in rival.reasons if one.kind == "methods"),
        max(rival.reasons, key=lambda reason: reason.share),
    )
    return Finding(
        code="GP101",
        concept=view.concept.name,
        path=thing.path,
        line=thing.line,
        column=rival.class_.column + 1,
        message=(
            f"{place} is a second implementation of {view.concept.name!r} "
            f"({rival.score:.2f}: {told.text}); "
            f"its home is {view.home_place}"
        ),
        subject=place,
        evidence=tuple(
            Evidence(thing.path, thing.line, f"{reason.text} ({reason.share:+.2f})")
            for reason in rival.reasons
        ),
        is_test=view.is_test(thing.path),
        score=rival.score,
        data={
            "class": place,
            "file": thing.path,
            "line": thing.line,
            "score": round(rival.score, 3),
            "reasons": [reason.text for reason in rival.reasons],
            "shared": list(rival.shared),
            "missing": list(rival.missing),
            "extra": list(rival.extra),
            "made": {"application": rival.made[0], "tests": rival.made[1]},
            "imported": {"application": rival.imported[0], "tests": rival.imported[1]},
        },
    )
