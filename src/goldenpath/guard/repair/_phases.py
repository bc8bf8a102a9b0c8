"""A repair in phases, each of which leaves a tree that can be imported.

A phase is worked out on the tree that the phases before it leave behind; nothing is
written for that. What a plan says is therefore what ``fix`` does.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from goldenpath.guard._findings import Finding
from goldenpath.guard._scan import findings_of
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Change, Changes, Left
from goldenpath.guard.repair._move import move_importers
from goldenpath.guard.repair._remove import remove_aliases, remove_noops, remove_shims

# What a person decides, and what is to be decided.
_BY_HAND = {
    "GP101": "merge it into the home, or say what it is for",
    "GP105": "open the circle at the edge that is named",
    "GP106": "call the factory, with what it needs to know whom it is for",
    "GP107": "test it in the sound way",
    "GP109": "delete it: nobody imports it",
    "GP110": "name something that exists",
    "GP111": "mend the call",
    "GP112": "let the error be seen",
    "GP201": "mend the handshake",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Phase:
    """One step of a repair.

    Attributes:
        number: From 1; that of its step, also where others have nothing to do.
        title: What it does.
        changes: The files that change.
        left: What it could not do.
        risk: ``low``, ``medium`` or ``high``.
        reasons: Why that.
        before: Findings by code before it.
        after: And after it.
    """

    number: int
    title: str
    changes: tuple[Change, ...]
    left: tuple[Left, ...]
    risk: str
    reasons: tuple[str, ...]
    before: dict[str, int]
    after: dict[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class ByHand:
    """A finding that a person has to do something about.

    Attributes:
        finding: The finding.
        what: What there is to do.
        differing: Of a rival, the methods that take something else than the home's.
    """

    finding: Finding
    what: str
    differing: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Repair:
    """The whole of it.

    Attributes:
        concept: The concept's name.
        home: Its home.
        phases: What is done, in order; phases that change nothing are not among them.
        modules: The modules that change and stay, tests left out.
        left: What no phase could do, as of the end.
        by_hand: What a person has to do, as of the end.
        before: Findings by code now.
        after: And at the end.
    """

    concept: str
    home: str
    phases: tuple[Phase, ...]
    modules: tuple[str, ...]
    left: tuple[Left, ...]
    by_hand: tuple[ByHand, ...]
    before: dict[str, int]
    after: dict[str, int]

    @property
    def contents(self) -> dict[str, bytes | None]:
        """What files become, by path; None for those that go."""
        return {
            change.path: change.after
            for phase in self.phases
            for change in phase.changes
        }


#: Gets the tree as it is, and as it was at the beginning.
Step = Callable[[View, View], Changes]

_STEPS: tuple[tuple[str, Step], ...] = (
    (
        "move importers in the application",
        functools.partial(move_importers, tests=False),
    ),
    (
        "move importers in tests, and strings",
        functools.partial(move_importers, tests=True),
    ),
    ("remove names that are assigned to themselves", remove_noops),
    ("remove aliases, and names that are handed on", remove_aliases),
    ("remove modules that only handed on", remove_shims),
)


def plan(
    began: View,
    findings: Sequence[Finding] | None = None,
    *,
    unsafe: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Repair:
    """Work a repair out.

    Args:
        began: The concept in the tree as it is.
        findings: What the rules find of it, if somebody has asked them already.
        unsafe: Also do what a person has to look at afterwards.
        progress: Called with how many steps are done, of how many.
    """
    view = began
    found = findings_of(view) if findings is None else findings
    before = count(found)
    now = before
    phases: list[Phase] = []
    for index, (title, step) in enumerate(_STEPS):
        progress(index, len(_STEPS))
        made = step(view, began)
        if not made.changes:
            continue
        contents = {one.path: one.after for one in made.changes}
        project = view.project.changed(contents)
        view = View(project, began.concept, began.configuration)
        found = findings_of(view)
        then = count(found)
        risk, reasons = _risk(view, made.changes)
        phases.append(
            Phase(
                index + 1,
                title,
                tuple(made.changes),
                tuple(made.left),
                risk,
                reasons,
                now,
                then,
            )
        )
        now = then
    progress(len(_STEPS), len(_STEPS))
    return Repair(
        view.concept.name,
        view.home_place,
        tuple(phases),
        tuple(_modules(view, phases)),
        tuple(_still_left(view, began)),
        tuple(_by_hand(view, found)),
        before,
        now,
    )


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many there are of each code, by code."""
    return dict(sorted(Counter(finding.code for finding in findings).items()))


def _modules(view: View, phases: Sequence[Phase]) -> Iterator[str]:
    paths = {change.path for phase in phases for change in phase.changes}
    for path in sorted(paths & view.project.files.keys()):
        name = view.project.modules.name_of(path)
        if name and not view.is_test(path):
            yield name


def told(counts: Mapping[str, int]) -> str:
    """Return findings by code, as people read them."""
    return ", ".join(f"{n} {code}" for code, n in counts.items()) or "none"


def _still_left(view: View, began: View) -> Iterator[Left]:
    """Yield what the steps would leave on the tree that they made."""
    seen: set[Left] = set()
    for _, step in _STEPS:
        for one in step(view, began).left:
            if one not in seen:
                seen.add(one)
                yield one


def _by_hand(view: View, findings: Sequence[Finding]) -> Iterator[ByHand]:
    for finding in findings:
        if finding.code not in _BY_HAND:
            continue
        is_rival = finding.code in ("GP101", "GP109")
        differing = tuple(_differing(view, finding)) if is_rival else ()
        yield ByHand(finding, _BY_HAND[finding.code], differing)


def _differing(view: View, finding: Finding) -> Iterator[str]:
    name = finding.subject.partition(":")[2]
    wanted = view.resolver.methods(view.home)
    for answer in view.resolver.member(finding.path, name):
        for method, function in view.resolver.methods(answer.thing).items():
            mine = wanted.get(method)
            if mine is None or method.startswith("_"):
                continue
            takes = (function.signature, function.is_async)
            if takes != (mine.signature, mine.is_async):
                yield method


def _risk(view: View, changes: Sequence[Change]) -> tuple[str, tuple[str, ...]]:
    reasons: list[str] = []
    removed = [one for one in changes if one.after is None]
    in_tests = sum(view.is_test(one.path) for one in changes)
    application = len(changes) - in_tests
    dynamic = [
        one.path
        for one in changes
        if one.after is not None
        and (b"importlib" in one.after or b"__import__" in one.after)
    ]
    if removed:
        reasons.append(f"{len(removed)} modules are removed")
    if dynamic:
        reasons.append(f"{len(dynamic)} of the files import by text: {dynamic[0]}")
    if application > _MANY:
        reasons.append(f"{application} files of the application change")
    if not reasons:
        what = "tests only" if not application else f"{len(changes)} files"
        return "low", (f"{what}, and every name stands for the same object as before",)
    return ("high" if dynamic and removed else "medium"), tuple(reasons)


# From so many files on, nobody reads a phase line by line.
_MANY = 50
