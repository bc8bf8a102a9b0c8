"""GP104: A name that is assigned to itself.

What it finds:
    ``Manager = Manager`` below an import of ``Manager``, or below the class itself: an
    assignment that changes nothing.

Why it matters:
    It does nothing, and looks as if it did. It is left over from a merge of two
    implementations, or was put there so that a search for an alias finds one.

Example:
    ``from app.ws import Manager`` and, two lines on, ``Manager = Manager``.

What to do instead:
    Remove the line.

Is the fix safe?
    Yes: the name is bound to the same thing before and after.

When to allow it:
    Never in code that was written by hand. ``import X as X`` is not named: it says to
    type checkers what a module offers.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._view import View


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each assignment that changes nothing."""
    for path in view.candidates:
        for binding in view.facts(path).bindings:
            if binding.kind != "alias" or binding.target != binding.name:
                continue
            if binding.scope:
                continue  # an attribute of a class, which is another name
            if not view.means_home(
                path, binding.target, scope=binding.scope, line=binding.line
            ):
                continue
            yield Finding(
                code="GP104",
                concept=view.concept.name,
                path=path,
                line=binding.line,
                column=binding.column + 1,
                message=(
                    f"{binding.name} = {binding.name} changes nothing; "
                    f"the home of {view.concept.name!r} is {view.home_place}"
                ),
                subject=f"{binding.scope}:{binding.name}",
                evidence=(Evidence(path, binding.line, "the name is bound to itself"),),
                is_test=view.is_test(path),
            )
