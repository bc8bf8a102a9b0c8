"""A repair in phases, each of which leaves a tree that can be imported.

A phase is worked out on the tree that the phases before it leave behind; nothing is
written for that. What a plan says is therefore what ``fix`` does.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import Counter
from collections.abc import (
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)

from goldenpath.guard._findings import Finding
from goldenpath.guard._scan import findings_of
from goldenpath.guard._view import View
from goldenpath.guard._words import number
from goldenpath.guard.repair._calls import mend_awaits
from goldenpath.guard.repair._changes import Change, Changes, Left
from goldenpath.guard.repair._dangling import point_to_the_only_one
from goldenpath.guard.repair._dead import delete_dead_rivals
from goldenpath.guard.repair._defer import open_circles
from goldenpath.guard.repair._deprecate import deprecate_shims
from goldenpath.guard.repair._documents import rewrite_documents
from goldenpath.guard.repair._factory import ask_factory
from goldenpath.guard.repair._move import move_importers
from goldenpath.guard.repair._names import use_own_name
from goldenpath.guard.repair._remove import remove_aliases, remove_noops, remove_shims
from goldenpath.guard.repair._silence import import_plainly
from goldenpath.guard.repair._specs import give_specs
from goldenpath.guard.repair._subclasses import replace_empty_subclasses
from goldenpath.guard.rules._list import BROKEN

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
        retired: Paths and names of the home that are gone with it.
    """

    number: int
    title: str
    changes: tuple[Change, ...]
    left: tuple[Left, ...]
    risk: str
    reasons: tuple[str, ...]
    before: dict[str, int]
    after: dict[str, int]
    retired: tuple[str, ...] = ()


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
        modules: The modules that change and stay, by path, tests left out.
        left: What no phase could do, as of the end.
        by_hand: What a person has to do, as of the end.
        before: Findings by code now.
        after: And at the end.
    """

    concept: str
    home: str
    phases: tuple[Phase, ...]
    modules: Mapping[str, str]
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


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One kind of work.

    Attributes:
        title: What it does.
        work: Gets the tree as it is, and as it was at the beginning.
        risk: ``low``, ``medium`` or ``high``, whatever the files are.
        reason: Why that.
    """

    title: str
    work: Callable[[View, View], Changes]
    risk: str = "low"
    reason: str = "every name stands for the same object as before"

    @property
    def is_certain(self) -> bool:
        """Whether it is done without being asked for."""
        return self.risk != "high"


_CALLS = "what is called changes"
_UNCERTAIN = "nobody can be certain from here: look at each change"
_STEPS = (
    Step(
        "move importers in the application",
        functools.partial(move_importers, tests=False),
    ),
    Step(
        "move importers in tests, and strings",
        functools.partial(move_importers, tests=True),
    ),
    Step("remove names that are assigned to themselves", remove_noops),
    Step("remove aliases, and names that are handed on", remove_aliases),
    Step("remove modules that only handed on", remove_shims),
    Step("make it by the factory", ask_factory, "medium", _CALLS),
    Step("await what is awaited, and nothing else", mend_awaits, "medium", _CALLS),
    Step(
        "open circles of imports",
        open_circles,
        "medium",
        "some imports run later than before",
    ),
    Step("call the home by its own name", use_own_name),
    Step(
        "replace subclasses that add nothing",
        replace_empty_subclasses,
        "high",
        _UNCERTAIN,
    ),
    Step("delete rivals that nobody uses", delete_dead_rivals, "high", _UNCERTAIN),
    Step("let a missing home be an error", import_plainly, "high", _UNCERTAIN),
    Step(
        "name what exists, where one thing has the name",
        point_to_the_only_one,
        "high",
        _UNCERTAIN,
    ),
    Step("give patches of the home its signature", give_specs, "high", _UNCERTAIN),
)


def plan(
    began: View,
    findings: Sequence[Finding] | None = None,
    *,
    unsafe: bool = False,
    deprecate: dt.date | None = None,
    documents: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Repair:
    """Work a repair out.

    Args:
        began: The concept in the tree as it is.
        findings: What the rules find of it, if somebody has asked them already.
        unsafe: Also do what a person has to look at afterwards.
        deprecate: Let modules that only handed on warn until that day, instead of
            removing them.
        documents: Also name the home where documents name what is gone.
        progress: Called with how many steps are done, of how many.
    """
    view = began
    found = findings_of(view) if findings is None else findings
    before = count(found)
    now = before
    phases: list[Phase] = []
    refused: list[Left] = []
    steps = list(_steps(unsafe=unsafe, deprecate=deprecate))
    if documents:
        steps.append(Step("name the home in documents", rewrite_documents))
    for index, step in enumerate(steps):
        progress(index, len(steps))
        made = step.work(view, began)
        offered = _offered(view)
        held = _held(view, found, made, step, refused)
        if held is None:
            continue
        view, found = held
        then = count(found)
        risk, reasons = _risk(view, made.changes, step)
        phases.append(
            Phase(
                index + 1,
                step.title,
                tuple(made.changes),
                tuple(made.left),
                risk,
                reasons,
                now,
                then,
                tuple(sorted(offered - _offered(view))),
            )
        )
        now = then
    progress(len(steps), len(steps))
    left = (*refused, *_still_left(view, began, steps))
    return Repair(
        view.concept.name,
        view.home_place,
        tuple(phases),
        dict(_modules(view, phases)),
        left,
        tuple(_by_hand(view, found, {(one.path, one.line) for one in left})),
        before,
        now,
    )


def _held(
    view: View,
    found: Sequence[Finding],
    made: Changes,
    step: Step,
    refused: list[Left],
) -> tuple[View, list[Finding]] | None:
    """Return the tree after a step, and its findings; None if nothing changes.

    A file of which a call could not work afterwards, or a path would lead nowhere, is
    left as it is: every call that a change touches is checked before it is written.
    """
    known = {one.fingerprint for one in found}
    while made.changes:
        contents = {one.path: one.after for one in made.changes}
        project = view.project.changed(contents)
        after = View(project, view.concept, view.configuration)
        then = findings_of(after)
        broken = {
            one.path: one
            for one in then
            if step.is_certain
            and one.code in BROKEN  # no step may bring one in
            and one.fingerprint not in known
            and one.path in contents
        }
        if not broken:
            return after, then
        for path, one in sorted(broken.items()):
            refused.append(
                Left(path, one.line, f"{step.title}: it would break: {one.message}")
            )
        made.changes = [one for one in made.changes if one.path not in broken]
    return None


def _steps(*, unsafe: bool, deprecate: dt.date | None) -> Iterator[Step]:
    for step in _STEPS:
        if not (unsafe or step.is_certain):
            continue
        if deprecate is not None and step.work is remove_aliases:
            work = functools.partial(remove_aliases, besides_shims=True)
            yield dataclasses.replace(step, work=work)
        elif deprecate is not None and step.work is remove_shims:
            yield Step(
                f"let modules that only handed on warn until {deprecate}",
                functools.partial(deprecate_shims, until=deprecate),
            )
        else:
            yield step


def _offered(view: View) -> set[str]:
    return {one.place for one in view.paths if not one.is_allowed}


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many there are of each code, by code."""
    return dict(sorted(Counter(finding.code for finding in findings).items()))


def _modules(view: View, phases: Sequence[Phase]) -> Iterator[tuple[str, str]]:
    paths = {change.path for phase in phases for change in phase.changes}
    for path in sorted(paths & view.project.files.keys()):
        name = view.project.modules.name_of(path)
        if name and not view.is_test(path):
            yield path, name


def told(counts: Mapping[str, int]) -> str:
    """Return findings by code, as people read them."""
    return ", ".join(f"{n} {code}" for code, n in counts.items()) or "none"


def _still_left(view: View, began: View, steps: Iterable[Step]) -> Iterator[Left]:
    """Yield what the steps would leave on the tree that they made."""
    seen: set[Left] = set()
    for step in steps:
        for one in step.work(view, began).left:
            if one not in seen:
                seen.add(one)
                yield one


def _by_hand(
    view: View, findings: Sequence[Finding], left: Container[tuple[str, int]]
) -> Iterator[ByHand]:
    """Yield what no step can do; what one has left for a reason is told there."""
    for finding in findings:
        place = (finding.path, finding.line)
        if finding.code not in _BY_HAND or place in left:
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


def _risk(
    view: View, changes: Sequence[Change], step: Step
) -> tuple[str, tuple[str, ...]]:
    removed = [one for one in changes if one.after is None]
    in_tests = sum(view.is_test(one.path) for one in changes)
    application = len(changes) - in_tests
    dynamic = [
        one.path
        for one in changes
        if one.after is not None
        and (b"importlib" in one.after or b"__import__" in one.after)
    ]
    reasons = [] if step.risk == "low" else [step.reason]
    if removed:
        reasons.append(f"{number(len(removed), 'module is', 'modules are')} removed")
    if dynamic:
        reasons.append(f"{len(dynamic)} of the files import by text: {dynamic[0]}")
    if application > _MANY:
        reasons.append(f"{application} files of the application change")
    if not reasons:
        what = "tests only" if not application else f"{len(changes)} files"
        return "low", (f"{what}, and {step.reason}",)
    is_high = step.risk == "high" or (dynamic and removed)
    return ("high" if is_high else "medium"), tuple(reasons)


# From so many files on, nobody reads a phase line by line.
_MANY = 50
