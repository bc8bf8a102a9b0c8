"""GP301: A waiver that has expired.

What it finds:
    A waiver in pyproject.toml whose last day is past.

Why it matters:
    A waiver is a promise with a date: somebody answers for a departure until then. One
    that nobody looks at any more turns an exception into the rule.

Example:
    ``until = 2026-03-31`` in the table of an alias that was to go in spring.

What to do instead:
    Remove what it waives, and then the waiver; or agree on a new day, with whoever
    owns it.

Is the fix safe?
    There is none: a person decides.

When to allow it:
    Never: it cannot be waived itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._view import View
from goldenpath.guard._waivers import EXPIRED, is_over

_FILE = "pyproject.toml"


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each waiver whose last day is past."""
    for waiver in view.concept.waiver:
        if not is_over(waiver, view.configuration):
            continue
        yield Finding(
            code=EXPIRED,
            concept=view.concept.name,
            path=_FILE,
            line=1,
            message=(
                f"the waiver of {waiver.what} expired on {waiver.until}; "
                f"{waiver.owner} answers for it"
            ),
            subject=waiver.what,
            evidence=(Evidence(_FILE, 1, f"its reason: {waiver.reason}"),),
            data={"until": str(waiver.until), "owner": waiver.owner},
        )
