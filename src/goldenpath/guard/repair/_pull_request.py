"""The text of a pull request: facts of the change, and nothing that nobody counted.

Rule 1: every number is counted from two trees and the commits between them.
Rule 2: whoever changes a number in it is found out by ``guard close --check``.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence

from goldenpath.guard._words import number
from goldenpath.guard.repair._git import Step
from goldenpath.guard.repair._tracker import Box

_SINCE = re.compile(r"^<!-- since: ([0-9a-f]+) -->$", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a change.

    Attributes:
        concept: The concept's name.
        home: Its home.
        since: The commit that it begins at.
        steps: Its commits, the oldest first.
        added: Lines that came, of Python files.
        removed: Lines that went.
        files: How many Python files differ.
        before: Findings by code at its beginning.
        after: And now.
        boxes: The seven boxes.
        asked: The arguments that name the concept.
    """

    concept: str
    home: str
    since: str
    steps: Sequence[Step]
    added: int
    removed: int
    files: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    boxes: Sequence[Box]
    asked: str


def describe(facts: Facts) -> str:
    """Return the text."""
    return "\n".join(_lines(facts)) + "\n"


def since_of(text: str) -> str:
    """Return the commit that a text begins at; ``""`` if it names none."""
    found = _SINCE.search(text)
    return found[1] if found else ""


def altered(text: str, facts: Facts) -> list[str]:
    """Return the lines of a text that are not so, each with what is."""
    is_so = describe(facts).splitlines()
    return [
        line
        for line in difflib.ndiff(text.splitlines(), is_so)
        if line.startswith(("- ", "+ ")) and line[2:].strip()
    ]


def _lines(facts: Facts) -> Iterator[str]:
    yield f"# Give {facts.concept} one home"
    yield ""
    yield f"<!-- since: {facts.since} -->"
    yield f"The home is `{facts.home}`."
    yield (
        f"{number(facts.files, 'Python file')} changed: {facts.added} lines came, "
        f"{facts.removed} went."
    )
    yield ""
    yield "| rule | before | after |"
    yield "|---|---:|---:|"
    for code in sorted({*facts.before, *facts.after}):
        yield f"| {code} | {facts.before.get(code, 0)} | {facts.after.get(code, 0)} |"
    yield ""
    yield "## Step by step"
    yield ""
    for step in facts.steps:
        yield f"* {step.name} {step.what} ({number(step.files, 'Python file')})"
    yield ""
    yield "## What holds"
    yield ""
    for box in facts.boxes:
        yield f"* {'yes' if box.holds else 'no '} {box.title}: {box.says}"
    yield ""
    yield "## Check it"
    yield ""
    yield "```sh"
    yield f"goldenpath guard verify {facts.asked} --since {facts.since}"
    yield f"goldenpath guard close {facts.asked} --check"
    yield "```"
