"""What a run of somebody's tests said, and how two runs differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar
from xml.etree import ElementTree as ET

# "error" is a failure by anything but an assertion: nobody knows for what reason.
Outcome = Literal["passed", "failed", "error", "skipped"]
FAILURES = ("failed", "error")
Part = TypeVar("Part")


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """One run of a command.

    Attributes:
        status: Its exit status; None if it did not end in time.
        seconds: How long it took.
        tests: The outcome of each test by its name; empty if the command said nothing
            that can be read.
        ending: The last lines of what it printed.
    """

    status: int | None
    seconds: float
    tests: Mapping[str, Outcome]
    ending: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """How one run differs from another.

    Attributes:
        newly_failing: Tests that passed before, or were not there, and fail.
        newly_passing: Tests that failed before and pass.
        missing: Tests that ran before and are not there any more.
        flaky: Tests that failed at first, and not when they ran again.
        reason: What is wrong beyond single tests; ``""`` if nothing is.
    """

    newly_failing: tuple[str, ...] = ()
    newly_passing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    flaky: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse."""
        return bool(self.newly_failing or self.missing or self.reason)


def read_report(report: bytes) -> dict[str, Outcome]:
    """Return the outcomes of a JUnit report, as pytest writes them.

    Raises:
        ValueError: It is none.
    """
    try:
        root = ET.fromstring(report)  # noqa: S314 - of the user's own tests
    except ET.ParseError as error:
        raise ValueError(f"the report of the tests cannot be read: {error}") from None
    found: dict[str, Outcome] = {}
    for case in root.iter("testcase"):
        name = f"{case.get('classname', '')}::{case.get('name', '')}"
        outcome = _outcome(case)
        # A test that passes, and fails when it is torn down, is there twice.
        if outcome in FAILURES or found.get(name) not in FAILURES:
            found[name] = outcome
    return found


def _outcome(case: ET.Element) -> Outcome:
    if case.find("error") is not None:
        return "error"
    failure = case.find("failure")
    if failure is not None:
        said = failure.get("message", "")
        is_asserted = said.startswith(("AssertionError", "assert ", "Failed: "))
        return "failed" if is_asserted else "error"
    return "skipped" if case.find("skipped") is not None else "passed"


def compare(before: Run, after: Run, again: Run | None = None) -> Difference:
    """Return how a run differs from the one before.

    Args:
        before: The run on the tree as it was.
        after: The run on the tree as it is.
        again: A second run on the tree as it is, which tells what is flaky.
    """
    failing = {
        name
        for name, outcome in after.tests.items()
        if outcome in FAILURES and before.tests.get(name) not in FAILURES
    }
    flaky = {name for name in failing if again and again.tests.get(name) == "passed"}
    missing = before.tests.keys() - after.tests.keys() if after.tests else set()
    passing = {
        name
        for name, outcome in after.tests.items()
        if outcome == "passed" and before.tests.get(name) in FAILURES
    }
    failing -= flaky
    return Difference(
        tuple(sorted(failing)),
        tuple(sorted(passing)),
        tuple(sorted(missing)),
        tuple(sorted(flaky)),
        "" if failing or flaky else _reason(before, after),
    )


def _reason(before: Run, after: Run) -> str:
    if after.status is None and before.status is not None:
        return f"the tests did not end within {after.seconds:.0f} seconds"
    if after.status and not before.status:
        return f"the tests end with status {after.status}, and ended with 0"
    if before.tests and not after.tests:
        return "the tests do not run any more"
    return ""


def culprits(
    parts: Sequence[Part], is_worse: Callable[[Sequence[Part]], bool]
) -> list[Part]:
    """Return the parts that make something worse, by halving.

    Args:
        parts: What together makes it worse.
        is_worse: Tells whether some of them do.

    Returns:
        Those that do alone, or all that were looked at where only several together do.
    """
    if len(parts) < 2:
        return list(parts)
    middle = len(parts) // 2
    halves = (parts[:middle], parts[middle:])
    found = [
        one for half in halves if is_worse(half) for one in culprits(half, is_worse)
    ]
    return found or list(parts)
