"""Seven boxes that tick themselves, each as long as its condition holds.

Rule 1: no box is ticked by hand, and none stays ticked: all are computed again.
Rule 2: a number comes with the command that prints it again.
Rule 3: what cannot be computed here is no tick.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from goldenpath.guard._words import number
from goldenpath.guard.repair._phases import told

_BOX = re.compile(
    r"^- \[(?P<tick>[ x])\] (?P<number>\d)\. [^:]*: (?P<says>.*)$", re.MULTILINE
)
_START = re.compile(r"^<!-- start: (?P<counts>.*) -->$", re.MULTILINE)
_CLOSED = "Nothing departs from it, and a check in CI keeps it so."


@dataclasses.dataclass(frozen=True, slots=True)
class Now:
    """What was computed of a concept.

    Attributes:
        concept: Its name.
        home: Its home.
        commit: At which commit; ``""`` outside of git.
        asked: The arguments that name the concept.
        findings: Findings by code.
        tests: Files of tests that touch it.
        to_align: Of those, to bring into line.
        written: The file of written tests; ``""`` if there is none.
        failing: Of the written tests, those that fail; None if they were not run.
        phases: Titles of the phases of the repair that have something to do.
        broken: Files that concern it and do not compile.
        by_hand: Things that are left to a person.
        keepers: Files that run the guard at every commit or in CI.
    """

    concept: str
    home: str
    commit: str
    asked: str
    findings: Mapping[str, int]
    tests: int
    to_align: int
    written: str
    failing: Sequence[str] | None
    phases: Sequence[str]
    broken: Sequence[str]
    by_hand: int
    keepers: Sequence[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """One step.

    Attributes:
        number: From 0.
        title: What it is.
        holds: Whether its condition holds now.
        says: What was computed.
        command: What computes it again.
    """

    number: int
    title: str
    holds: bool
    says: str
    command: str


def boxes(now: Now) -> list[Box]:
    """Return the seven boxes, computed."""
    total = sum(now.findings.values())
    scan = f"goldenpath guard scan {now.asked}"
    plan = f"goldenpath guard plan {now.asked}"
    tests = f"goldenpath guard tests {now.asked}"
    failing = now.failing
    return [
        Box(
            0,
            "Discover",
            holds=True,
            says=f"findings: {told(now.findings)}",
            command=scan,
        ),
        Box(
            1,
            "Plan the tests",
            now.tests > 0,
            f"{now.tests} files of tests touch it, {now.to_align} to bring into line",
            tests,
        ),
        Box(
            2,
            "Write the tests",
            bool(now.written),
            now.written or "there is no file of written tests",
            f"{tests} --write FOLDER",
        ),
        Box(
            3,
            "Plan the repair",
            holds=True,
            says=f"{len(now.phases)} phases have something to do, "
            f"and {now.by_hand} things need a person",
            command=plan,
        ),
        Box(
            4,
            "Repair",
            not now.phases and not now.by_hand,
            f"{len(now.phases)} phases and {now.by_hand} things for a person are left",
            plan,
        ),
        Box(
            5,
            "Verify",
            not total and not now.broken and failing is not None and not failing,
            f"{total} findings, {len(now.broken)} files that do not compile, "
            + (
                "written tests that were not run"
                if failing is None
                else f"{len(failing)} written tests that fail"
            ),
            f"{scan} && python -m pytest {now.written}".rstrip(),
        ),
        Box(
            6,
            "Close",
            not total and bool(now.keepers),
            f"the guard is run by {', '.join(now.keepers) or 'nothing'}"
            + (f", and finds {number(total, 'departure')}" if total else ""),
            scan,
        ),
    ]


def document(now: Now, *, start: Mapping[str, int]) -> str:
    """Return the tracker.

    Args:
        now: What was computed.
        start: Findings by code when the tracker was begun.
    """
    return "\n".join(_lines(now, start)) + "\n"


def _lines(now: Now, start: Mapping[str, int]) -> Iterator[str]:
    yield f"# One home for {now.concept!r}"
    yield ""
    yield f"<!-- start: {json.dumps(start)} -->"
    yield f"Its home is `{now.home}`."
    yield "Every line below was computed" + (
        f" at commit {now.commit}." if now.commit else "."
    )
    yield f"`goldenpath guard close {now.asked} --check` computes it again."
    yield ""
    found = boxes(now)
    for box in found:
        tick = "x" if box.holds else " "
        yield f"- [{tick}] {box.number}. {box.title}: {box.says}"
        yield f"  `{box.command}`"
    yield ""
    yield "| rule | at first | now |"
    yield "|---|---:|---:|"
    for code in sorted({*start, *now.findings}):
        yield f"| {code} | {start.get(code, 0)} | {now.findings.get(code, 0)} |"
    if all(box.holds for box in found):
        yield ""
        yield _CLOSED


def start_of(text: str) -> dict[str, int]:
    """Return the findings with which a tracker was begun; none if it says nothing."""
    found = _START.search(text)
    try:
        counts = json.loads(found["counts"]) if found else {}
    except ValueError:
        return {}
    return counts if isinstance(counts, dict) else {}


def lapsed(text: str, now: Now) -> list[str]:
    """Return what a tracker claims and is not so now, a line each."""
    written = {int(found["number"]): found for found in _BOX.finditer(text)}
    claims = []
    for box in boxes(now):
        found = written.get(box.number)
        name = f"box {box.number}, {box.title},"
        if found is None:
            claims.append(f"{name} is not there")
        elif found["tick"] == "x" and not box.holds:
            claims.append(f"{name} is ticked and does not hold: {box.says}")
        elif found["says"] != box.says:
            claims.append(f"{name} says {found['says']!r}, and it is {box.says!r}")
    rows = re.findall(r"^\| (GP\d+) \| \d+ \| (\d+) \|$", text, re.MULTILINE)
    counts = {code: int(count) for code, count in rows}
    for code in sorted({*counts, *now.findings}):
        is_now = now.findings.get(code, 0)
        if (said := counts.get(code, 0)) != is_now:
            claims.append(f"it says {said} {code}, and there are {is_now}")
    return claims
