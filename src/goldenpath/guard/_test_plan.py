"""What to do about the tests: which to bring into line, and which to write.

The target is 60 % existing tests to bring into line, 20 % new ones that fail until the
repair is done, 20 % that hold what must not change. The numbers of this tree are
shown, and never padded to look like the target.
"""

from __future__ import annotations

import dataclasses

from goldenpath.guard._findings import Finding
from goldenpath.guard._inventory import UNSOUND, TestFile, inventory
from goldenpath.guard._view import View

TARGET = (60, 20, 20)
_KIND_WEIGHT = {"mission critical": 4, "end to end": 3, "integration": 2}


@dataclasses.dataclass(frozen=True, slots=True)
class ToAlign:
    """An existing file of tests to bring into line.

    Attributes:
        file: The file.
        why: Why this one.
        weight: How much it protects.
    """

    file: TestFile
    why: str
    weight: float


@dataclasses.dataclass(frozen=True, slots=True)
class ToWrite:
    """A test to write.

    Attributes:
        name: Its name.
        holds: What it holds, in a sentence.
        code: The rule whose findings it fails on; ``""`` for stability.
        findings: How many findings it stands for.
        subject: Of those findings, if they have one; of a test that holds what must
            stay, what that is: ``surface``, ``constructor``, ``method send``.
    """

    name: str
    holds: str
    code: str = ""
    findings: int = 0
    subject: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class TestPlan:
    """The plan.

    Attributes:
        files: Every file of tests that touches the concept.
        align: Existing ones to bring into line, the most protective first.
        failing: New ones that fail until it is repaired.
        stability: New ones that hold what must stay.
    """

    files: list[TestFile]
    align: list[ToAlign]
    failing: list[ToWrite]
    stability: list[ToWrite]

    @property
    def shares(self) -> tuple[int, int, int]:
        """The shares of the three parts, in percent."""
        counts = [len(self.align), len(self.failing), len(self.stability)]
        whole = sum(counts) or 1
        return tuple(round(100 * n / whole) for n in counts)  # type: ignore[return-value]


def plan_tests(view: View, findings: list[Finding]) -> TestPlan:
    """Return the plan for a concept."""
    files = view.once(inventory)
    align = []
    for one in files:
        why = _why(one)
        if why:
            weight = one.reach * _KIND_WEIGHT.get(one.kind, 1)
            align.append(ToAlign(one, why, float(weight)))
    align.sort(key=lambda one: (-one.weight, one.file.path))
    return TestPlan(files, align, _failing(view, findings), _stability(view))


def _why(one: TestFile) -> str:
    if one.pattern in UNSOUND:
        return one.reasons[0] if one.reasons else one.pattern
    if one.tests and not one.executed:
        return "none of its tests is executed"
    if one.toothless:
        return f"{one.toothless} of its {len(one.tests)} tests cannot fail"
    return ""


_HOLDS = {
    "GP101": "no class elsewhere does the concept's job",
    "GP102": "the home can be imported by its own path only",
    "GP103": "the home has no other name",
    "GP104": "no name is assigned to itself",
    "GP105": "importing the home first, in a fresh process, works",
    "GP106": "nobody makes one past the factory",
    "GP107": "no test replaces the concept by something without its methods",
    "GP108": "the shim is gone",
    "GP109": "the dead rival is gone",
    "GP110": "every path that names the concept leads there",
    "GP111": "every call of the concept fits its signature",
    "GP112": "a missing concept is an error and no silence",
    "GP201": "the handshake has no such hazard",
}


def _failing(view: View, findings: list[Finding]) -> list[ToWrite]:
    # No test tells of a waiver that has expired: the scan does.
    mine = [f for f in findings if f.concept == view.concept.name and f.code in _HOLDS]
    by_subject: dict[tuple[str, str], int] = {}
    for finding in mine:
        # One test for a path or a class, one for each other kind.
        apart = finding.code in ("GP101", "GP102", "GP103", "GP108", "GP109")
        key = (finding.code, finding.subject if apart else "")
        by_subject[key] = by_subject.get(key, 0) + 1
    return [
        ToWrite(
            name=_name("test", code, subject),
            holds=_HOLDS[code] + (f": {subject}" if subject else ""),
            code=code,
            findings=count,
            subject=subject,
        )
        for (code, subject), count in sorted(by_subject.items())
    ]


def _stability(view: View) -> list[ToWrite]:
    class_ = view.home.name
    own = view.resolver.methods(view.home)
    found = [
        ToWrite(
            _name("test", "surface", class_),
            f"{view.home_place} can be imported and offers what it offers now",
            subject="surface",
        ),
        *(
            [
                ToWrite(
                    _name("test", "constructor", class_),
                    f"{class_} is made with the parameters that it has now",
                    subject="constructor",
                )
            ]
            if "__init__" in own
            else []
        ),
    ]
    if view.factory is not None:
        found.append(
            ToWrite(
                _name("test", "factory", view.factory.name),
                f"{view.place_of(view.factory)} takes what it takes now",
                subject=f"factory {view.factory.name}",
            )
        )
    called = {made.through.rpartition(".")[2] for made in view.constructions}
    found += [
        ToWrite(
            _name("test", "method", method),
            f"{class_}.{method} takes what it takes now",
            subject=f"method {method}",
        )
        for method in view.distinctive_methods()
        if method not in called and method in own
    ]
    return found


def _name(*parts: str) -> str:
    text = "_".join(parts).lower()
    return "".join(c if c.isalnum() else "_" for c in text).strip("_")
