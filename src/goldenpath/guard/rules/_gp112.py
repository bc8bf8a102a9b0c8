"""GP112: A broad ``except`` that turns absence into silence.

What it finds:
    An import, a construction or a call of the concept inside a ``try`` whose handler
    takes everything (or ``ImportError``, ``AttributeError``, ``TypeError``) and does
    not pass it on, and ``contextlib.suppress`` likewise.

Why it matters:
    When the concept moves or its methods change, nothing fails: the handler takes it,
    and the connection closes without a word. This is how a broken path survives a
    green test run.

Example:
    ``except Exception: logger.debug("…")`` round ``manager.send(user, frame)``.

What to do instead:
    Catch what can really happen there, or raise again.

Is the fix safe?
    It is not made: what may be caught is a decision.

When to allow it:
    At the one place that turns whatever went wrong into a close code and a log line.
    Not named are a handler that logs the traceback, such as ``logger.exception``, for
    that says what is missing and where, now or later in its function; one that hands
    what it caught to a future, a deferred or a queue; and one that needs the concept
    itself: without it, it would fail too.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._facts import BroadHandler, FileFacts
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._later import HANDED_ON, TRACEBACKS
from goldenpath.guard._resolve import Thing
from goldenpath.guard._uses import Touch, touches
from goldenpath.guard._view import View

_OF_TWISTED = frozenset(("failure", "err", "deferr"))


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each handler that hides what it guards."""
    by_file: dict[str, list[Touch]] = {}
    for touch in view.once(touches):
        by_file.setdefault(touch.path, []).append(touch)
    for path, touched in sorted(by_file.items()):
        for handler in view.facts(path).handlers:
            hidden = [
                touch
                for touch in touched
                if handler.first <= touch.line <= handler.last
            ]
            if (
                not hidden
                or _is_own(view, path, handler)
                or _needs_it_itself(view.facts(path), handler, touched)
                or handler.is_told_later
                or _tells_all(view.facts(path), handler)
                or not _hides(handler, hidden)
            ):
                continue
            what = handler.catches or "everything"
            how = "silently" if handler.is_silent else "and goes on"
            yield Finding(
                code="GP112",
                concept=view.concept.name,
                path=path,
                line=handler.line,
                column=handler.column + 1,
                message=(
                    f"catches {what} {how} round {hidden[0].text}: if "
                    f"{view.concept.name!r} moves or changes, nobody hears of it; "
                    f"its home is {view.home_place}"
                ),
                subject=f"{handler.scope}:{hidden[0].text}",
                evidence=tuple(
                    Evidence(path, touch.line, touch.text) for touch in hidden[:10]
                ),
                is_test=view.is_test(path),
                data={"silent": handler.is_silent},
            )


def _is_own(view: View, path: str, handler: BroadHandler) -> bool:
    """Tell whether it is inside the home, or a class of its kind: its own business."""
    scope = f"{handler.scope}."
    return any(
        scope.startswith(f"{class_.qualified}.")
        and view.derives(Thing("class", path, class_.qualified, class_.line))
        for class_ in view.facts(path).classes
    )


def _needs_it_itself(
    facts: FileFacts, handler: BroadHandler, touched: list[Touch]
) -> bool:
    """Tell whether the handler touches the concept, and so fails without it."""
    first, last = _body(facts, handler)
    return any(first <= touch.line <= last for touch in touched)


def _tells_all(facts: FileFacts, handler: BroadHandler) -> bool:
    """Tell whether the handler logs the traceback, or hands on what it caught."""
    first, last = _body(facts, handler)
    for call in facts.calls:
        if not first <= call.line <= last:
            continue
        receiver, _, method = call.target.rpartition(".")
        if method in TRACEBACKS | HANDED_ON or "exc_info" in call.keywords:
            return True
        if method in _OF_TWISTED and receiver.endswith("log"):
            return True
    return False


def _body(facts: FileFacts, handler: BroadHandler) -> tuple[int, int]:
    """Return the lines of a handler's body, or such that are none."""
    nothing = (0, -1)
    if handler.line <= handler.last:
        return nothing  # a ``with``, which has no body of its own for this
    return min(
        (one for one in facts.branches if one[0] >= handler.line), default=nothing
    )


def _hides(handler: BroadHandler, hidden: list[Touch]) -> bool:
    """Tell whether what is caught is what a change of the concept would raise."""
    if any(name in handler.catches for name in ("Exception", "BaseException")):
        return True
    if not handler.catches:
        return True
    is_import = any(touch.is_import for touch in hidden)
    if "ImportError" in handler.catches or "ModuleNotFoundError" in handler.catches:
        return is_import
    return not is_import
