"""GP105: A circle of imports at import time.

What it finds:
    A module that offers the concept imports, by way of others, itself, while it is
    being loaded. The shortest such circle is shown, and an import whose removal opens
    it.

Why it matters:
    Whoever comes second gets a module that is half loaded. It works as long as lines
    and entry points keep their order, and fails in the one process that starts
    elsewhere.

Example:
    ``app/ws/manager.py`` imports ``app/auth.py``, which imports ``app/ws/manager.py``.

What to do instead:
    Move what both need into a module below both, or import inside the function that
    needs it.

Is the fix safe?
    It is not made: where to cut is a decision.

When to allow it:
    Circles inside functions or for type checkers are listed, and are no finding. A
    module that only imports two names of two modules is no circle at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._circles import circles
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._view import View


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each circle that is closed while modules load."""
    name_of = view.project.modules.name_of
    for circle in view.once(circles):
        if circle.kind != "import-time":
            continue
        first = circle.edges[0]
        names = [name_of(path) for path in (*circle.paths, circle.paths[0])]
        opens = (
            f"; without line {circle.opens.line} of {circle.opens.source} it is open"
            if circle.opens is not None
            else "; no single import opens it"
        )
        yield Finding(
            code="GP105",
            concept=view.concept.name,
            path=first.source,
            line=first.line,
            message=(
                f"a circle of imports, {' -> '.join(names)}{opens}; "
                f"the home of {view.concept.name!r} is {view.home_place}"
            ),
            subject=" ".join(sorted(names[:-1])),
            evidence=tuple(
                Evidence(edge.source, edge.line, f"imports {name_of(edge.target)}")
                for edge in circle.edges
            ),
            is_test=all(view.is_test(path) for path in circle.paths),
        )
