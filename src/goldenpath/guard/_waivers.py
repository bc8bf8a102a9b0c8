"""Findings that somebody answers for: they are shown, and do not count, until a day.

Rule 1: a waiver has a reason, an owner and a last day; after it, the waiver itself is
        a finding (GP301), and what it waived counts again.
Rule 2: what is waived is said in every report.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence

import msgspec

from goldenpath.guard._config import Concept, Configuration, Waiver
from goldenpath.guard._findings import Finding

#: The rule that finds waivers that have expired.
EXPIRED = "GP301"


class Waived(msgspec.Struct, frozen=True):
    """A finding that does not count.

    Attributes:
        finding: The finding.
        waiver: Who answers for it, why, and until when.
    """

    finding: Finding
    waiver: Waiver


def is_over(waiver: Waiver, configuration: Configuration) -> bool:
    """Tell whether a waiver's last day is past."""
    return waiver.until < configuration.today


def waiver_of(
    concept: Concept, configuration: Configuration, code: str, path: str, subject: str
) -> Waiver | None:
    """Return the waiver of what a rule would find; None if there is none today."""
    for waiver in concept.waiver:
        if (
            code in waiver.codes
            and waiver.subject in ("", subject)
            and (not waiver.path or fnmatch.fnmatchcase(path, waiver.path))
            and not is_over(waiver, configuration)
        ):
            return waiver
    return None


def sort_out(
    findings: Iterable[Finding], concept: Concept, configuration: Configuration
) -> tuple[list[Finding], list[Waived]]:
    """Return the findings that count, and those that are waived."""
    counting: list[Finding] = []
    waived: list[Waived] = []
    for one in findings:
        waiver = waiver_of(concept, configuration, one.code, one.path, one.subject)
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
