"""Writes a repair, a phase at a time: each whole, and none that makes it worse."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from goldenpath.guard._errors import RepairError
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._changes import Change
from goldenpath.guard.repair._git import Git, GitError
from goldenpath.guard.repair._outcomes import Difference, culprits
from goldenpath.guard.repair._phases import Phase, Repair, told
from goldenpath.guard.repair._verify import (
    Checks,
    State,
    judge,
    require_open,
    state_of,
    uncompilable,
)

_SHOWN = 5
#: How the message of a phase's commit begins.
SUBJECT = "Give {} one home: "
#: How a line of it begins that names a path that is gone.
RETIRED = "Retired: "


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A phase that was written.

    Attributes:
        phase: The phase.
        commit: The commit's short name; ``""`` without git.
        difference: How its tests changed.
    """

    phase: Phase
    commit: str
    difference: Difference


def write_phases(
    root: Path,
    repair: Repair,
    phases: Sequence[Phase],
    git: Git | None,
    checks: Checks,
    *,
    asked: str,
    say: Callable[[str], None] = lambda _what: None,
) -> Iterator[Written]:
    """Write phases; yield each when it is done.

    Args:
        root: The tree.
        repair: What they belong to.
        phases: Which ones, in order.
        git: Where they are committed; None for nowhere.
        checks: What must not get worse.
        asked: The arguments that name the concept.
        say: Told what is being done.

    Raises:
        RepairError: A phase cannot be written, or makes something worse; the tree is
            as it was at the end of the one before.
    """
    if not phases:
        return
    say("looking at the tree as it is")
    state = state_of(root, checks)
    if state.gate is not None:
        require_open(state.gate)
    for phase in phases:
        _require_compilable(phase)
        _journal.write(root, phase.changes)
        looked = checks if phase is phases[-1] else _narrowed(checks, repair, phase)
        try:
            state, difference = _checked(root, phase, looked, state, say)
            commit = ""
            if git is not None:
                paths = [change.path for change in phase.changes]
                commit = git.commit(paths, message(repair, phase, asked))
        except GitError as error:
            _journal.take_back(root)
            raise RepairError(f"phase {phase.number} was taken back: {error}") from None
        except BaseException:
            _journal.take_back(root)
            raise
        _journal.finish(root)
        yield Written(phase, commit, difference)


def _narrowed(checks: Checks, repair: Repair, phase: Phase) -> Checks:
    """Return the checks of a phase: what it does not touch is imported at the end.

    Where a module goes, everybody may have counted on it.
    """
    if any(change.after is None for change in phase.changes):
        return checks
    changed = {repair.modules.get(change.path) for change in phase.changes}
    modules = tuple(name for name in checks.modules if name in changed)
    return dataclasses.replace(checks, modules=modules)


def _checked(
    root: Path,
    phase: Phase,
    checks: Checks,
    before: State,
    say: Callable[[str], None],
) -> tuple[State, Difference]:
    """Return how a tree is after a phase, and how its tests changed.

    Raises:
        RepairError: Something got worse; the phase was taken back.
    """
    say(f"checking phase {phase.number}")
    after = state_of(root, checks)
    verdict = judge(root, checks, before, after)
    if not verdict.is_worse:
        others = {n: w for n, w in before.broken.items() if n not in checks.modules}
        after = dataclasses.replace(after, broken=others | after.broken)
        return after, verdict.difference
    _journal.take_back(root)
    say(f"looking for what in phase {phase.number} did it")
    files = _culprits(root, checks, before, phase.changes)
    raise RepairError(_worse(phase, verdict.worse, files))


def _require_compilable(phase: Phase) -> None:
    """Refuse a phase after which a file does not compile that did.

    Raises:
        RepairError: There is one.
    """
    before = uncompilable((one.path, one.before) for one in phase.changes)
    after = uncompilable(
        (one.path, one.after) for one in phase.changes if one.after is not None
    )
    for path, why in after.items():
        if path not in before:
            raise RepairError(
                f"{path} would not compile after phase {phase.number}: {why}; "
                "nothing of it was written"
            )


def _culprits(
    root: Path, checks: Checks, before: State, changes: Sequence[Change]
) -> list[str]:
    def is_worse(some: Sequence[Change]) -> bool:
        _journal.write(root, some)
        try:
            return judge(root, checks, before, state_of(root, checks)).is_worse
        finally:
            _journal.take_back(root)

    return [change.path for change in culprits(changes, is_worse)]


def _worse(phase: Phase, what: list[str], files: list[str]) -> str:
    more = [f"and {len(what) - _SHOWN} more"] if len(what) > _SHOWN else []
    listed = "".join(f"\n  {one}" for one in (*what[:_SHOWN], *more))
    return (
        f"phase {phase.number} makes it worse, and was taken back:{listed}\n"
        f"it comes from {', '.join(files[:_SHOWN])}"
        + (f" and {len(files) - _SHOWN} more files" if len(files) > _SHOWN else "")
    )


def message(repair: Repair, phase: Phase, asked: str) -> str:
    """Return what a commit says of its phase: what was counted, and how to count it."""
    retired = [f"{RETIRED}{place}" for place in phase.retired]
    lines = [
        f"{SUBJECT.format(repair.concept)}{phase.title}",
        "",
        f"Phase {phase.number}; the home is {repair.home}.",
        f"Files: {len(phase.changes)}.",
        f"Findings before: {told(phase.before)}.",
        f"Findings after: {told(phase.after)}.",
        "",
        f"They are counted by: goldenpath guard scan {asked}",
        *(["", *retired] if retired else []),
    ]
    return "\n".join(lines) + "\n"
