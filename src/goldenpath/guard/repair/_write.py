"""Writes a repair, a phase at a time: each whole, and none that makes it worse."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from goldenpath.guard._errors import RepairError
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._changes import Change
from goldenpath.guard.repair._git import Git, GitError
from goldenpath.guard.repair._outcomes import Difference, compare, culprits
from goldenpath.guard.repair._phases import Phase, Repair, told
from goldenpath.guard.repair._verify import (
    Checks,
    State,
    newly_broken,
    run_tests,
    state_of,
    uncompilable,
)

_SHOWN = 5


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
    for phase in phases:
        _require_compilable(phase)
        _journal.write(root, phase.changes)
        try:
            state, difference = _checked(root, phase, checks, state, say)
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
    difference = _compare(root, checks, before, after)
    broken = newly_broken(before, after)
    if not broken and not difference.is_worse:
        return after, difference
    _journal.take_back(root)
    say(f"looking for what in phase {phase.number} did it")
    files = _culprits(root, checks, before, phase.changes)
    raise RepairError(_worse(phase, difference, broken, files))


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


def _compare(root: Path, checks: Checks, before: State, after: State) -> Difference:
    if before.run is None or after.run is None:
        return Difference()
    found = compare(before.run, after.run)
    if not found.newly_failing:
        return found
    return compare(before.run, after.run, run_tests(root, checks))


def _culprits(
    root: Path, checks: Checks, before: State, changes: Sequence[Change]
) -> list[str]:
    def is_worse(some: Sequence[Change]) -> bool:
        _journal.write(root, some)
        try:
            after = state_of(root, checks)
            worse = _compare(root, checks, before, after).is_worse
        finally:
            _journal.take_back(root)
        return worse or bool(newly_broken(before, after))

    return [change.path for change in culprits(changes, is_worse)]


def _worse(
    phase: Phase, difference: Difference, broken: dict[str, str], files: list[str]
) -> str:
    what = [
        f"{name} cannot be imported any more: {why}" for name, why in broken.items()
    ]
    what += [f"{name} fails" for name in difference.newly_failing]
    what += [f"{name} is not run any more" for name in difference.missing]
    what += filter(None, (difference.reason,))
    more = [f"and {len(what) - _SHOWN} more"] if len(what) > _SHOWN else []
    listed = "".join(f"\n  {one}" for one in (*what[:_SHOWN], *more))
    return (
        f"phase {phase.number} makes it worse, and was taken back:{listed}\n"
        f"it comes from {', '.join(files[:_SHOWN])}"
        + (f" and {len(files) - _SHOWN} more files" if len(files) > _SHOWN else "")
    )


def message(repair: Repair, phase: Phase, asked: str) -> str:
    """Return what a commit says of its phase: what was counted, and how to count it."""
    lines = [
        f"Give {repair.concept} one home: {phase.title}",
        "",
        f"Phase {phase.number}; the home is {repair.home}.",
        f"Files: {len(phase.changes)}.",
        f"Findings before: {told(phase.before)}.",
        f"Findings after: {told(phase.after)}.",
        "",
        f"They are counted by: goldenpath guard scan {asked}",
    ]
    return "\n".join(lines) + "\n"
