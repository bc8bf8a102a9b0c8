"""Findings that somebody answers for: they are shown, and do not count, until a day.

Rule 1: a waiver has a reason, an owner and a last day; after it, the waiver itself is
        a finding (GP301), and what it waived counts again.
Rule 2: what is waived is said in every report.
Rule 3: a module that warns whoever imports it, and says until when in the first line of
        its docstring, waives itself until then.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from goldenpath.guard._config import Concept, Configuration, Waiver
from goldenpath.guard._facts import FileFacts
from goldenpath.guard._findings import Finding
from goldenpath.guard._view import View

#: The rule that finds waivers that have expired.
EXPIRED = "GP301"
_DEPRECATED = re.compile(r"Deprecated until (\d{4}-\d\d-\d\d): ")


class Waived(msgspec.Struct, frozen=True):
    """A finding that does not count.

    Attributes:
        finding: The finding.
        waiver: Who answers for it, why, and until when.
    """

    finding: Finding
    waiver: Waiver


def deprecated_until(facts: FileFacts) -> dt.date | None:
    """Return the last day of a module that hands on and warns, as it says itself."""
    said = _DEPRECATED.match(facts.document) if facts.has_getattr else None
    try:
        return dt.date.fromisoformat(said[1]) if said else None
    except ValueError:
        return None


def is_over(waiver: Waiver, configuration: Configuration) -> bool:
    """Tell whether a waiver's last day is past."""
    return waiver.until < configuration.today


def waiver_of(view: View, code: str, path: str, subject: str) -> Waiver | None:
    """Return the waiver of what a rule would find; None if there is none today."""
    configuration = view.configuration
    for waiver in (*view.concept.waiver, *_deprecation(view, path)):
        if (
            code in waiver.codes
            and waiver.subject in ("", subject)
            and (not waiver.path or fnmatch.fnmatchcase(path, waiver.path))
            and not is_over(waiver, configuration)
        ):
            return waiver
    return None


def _deprecation(view: View, path: str) -> Iterator[Waiver]:
    """Yield what a module says of itself, if it is there to warn."""
    if path in view.project.files:
        until = deprecated_until(view.facts(path))
        if until is not None:
            yield Waiver(
                codes=("GP102", "GP103", "GP108"),
                path=path,
                reason="it warns whoever imports it",
                owner="the module",
                until=until,
            )


def sort_out(
    findings: Iterable[Finding], view: View
) -> tuple[list[Finding], list[Waived]]:
    """Return the findings that count, and those that are waived."""
    counting: list[Finding] = []
    waived: list[Waived] = []
    for one in findings:
        waiver = waiver_of(view, one.code, one.path, one.subject)
        if waiver is None:
            counting.append(one)
        else:
            waived.append(Waived(one, waiver))
    return counting, waived


def needless(
    concept: Concept, configuration: Configuration, waived: Sequence[Waived]
) -> list[Waiver]:
    """Return the waivers, of today, that waive nothing."""
    used = [one.waiver for one in waived]
    return [
        waiver
        for waiver in concept.waiver
        if waiver not in used and not is_over(waiver, configuration)
    ]
