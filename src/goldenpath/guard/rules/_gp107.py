"""GP107: A test that gets at the concept in a way of its own.

What it finds:
    Files of tests by how they get at the concept: by the factory, a fixture, the
    constructor, a mock with or without a spec, an implementation of their own, another
    path. Those in an unsound way are named, with the majority's way and the sound one.

Why it matters:
    A mock without a spec accepts every call, also the ones that the home does not
    have any more. A class of a test's own is one more implementation. Both stay green
    when the product breaks.

Example:
    ``patch("app.ws.Manager")`` without ``autospec=True``.

What to do instead:
    Ask the factory, or make a real one; where a mock is needed, give it a spec.

Is the fix safe?
    Adding a spec is, if the test then still passes; where it does not, it has found
    something.

When to allow it:
    Stand-ins in the folders that the concept names as ``fakes``. Not named is one that
    says what it promises, by an abstract base, a protocol or an interface of Zope's,
    where the home promises something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._inventory import PATTERNS, UNSOUND, TestFile, inventory
from goldenpath.guard._view import View


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each file that gets at the concept in an unsound way."""
    files = view.once(inventory)
    counted = Counter(one.pattern for one in files)
    majority = counted.most_common(1)[0][0] if counted else ""
    sound = _sound(view, counted)
    for one in files:
        # Another path has a rule of its own, with all its importers.
        if one.pattern not in UNSOUND or one.pattern == "second path":
            continue
        yield Finding(
            code="GP107",
            concept=view.concept.name,
            path=one.path,
            line=_line(one),
            message=(
                f"{PATTERNS[one.pattern]}, as {counted[one.pattern]} of {len(files)} "
                f"files do; most {_plural(PATTERNS[majority])}, and the sound way is: "
                f"{PATTERNS[sound]}"
            ),
            subject=one.pattern,
            evidence=tuple(
                Evidence(one.path, int(reason.partition(":")[0]), reason)
                for reason in one.reasons
            ),
            is_test=True,
            data={"pattern": one.pattern, "majority": majority, "sound": sound},
        )


def _sound(view: View, counted: Counter[str]) -> str:
    if view.factory is not None:
        return "factory"
    return "fixture" if counted["fixture"] >= counted["constructor"] else "constructor"


def _line(one: TestFile) -> int:
    return int(one.reasons[0].partition(":")[0]) if one.reasons else 1


def _plural(text: str) -> str:
    """Return ``make one`` of ``makes one``."""
    first, _, rest = text.partition(" ")
    verb = {"has": "have", "is": "are"}.get(first, first.removesuffix("s"))
    return f"{verb} {rest}"
