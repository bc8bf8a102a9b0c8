"""Writes a repair, a phase at a time, each of them whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from goldenpath.guard._errors import RepairError
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._git import Git
from goldenpath.guard.repair._phases import Phase, Repair


def write_phases(
    root: Path, repair: Repair, phases: list[Phase], git: Git | None
) -> Iterator[tuple[Phase, str]]:
    """Write phases; yield each when it is done, with the commit's short name.

    Args:
        root: The tree.
        repair: What they belong to.
        phases: Which ones, in order.
        git: Where they are committed; None for nowhere.

    Raises:
        RepairError: A phase cannot be written; the tree is as it was at the end of
            the one before.
    """
    for phase in phases:
        _journal.write(root, phase.changes)
        commit = ""
        if git is not None:
            try:
                paths = [change.path for change in phase.changes]
                commit = git.commit(paths, message(repair, phase))
            except RepairError as error:
                _journal.take_back(root)
                raise RepairError(
                    f"phase {phase.number} was taken back: {error}"
                ) from None
            except BaseException:
                _journal.take_back(root)
                raise
        _journal.finish(root)
        yield phase, commit


def message(repair: Repair, phase: Phase) -> str:
    """Return what a commit says of its phase: what was counted, and how to count it."""
    home = f"--home {repair.home}"
    lines = [
        f"Give {repair.concept} one home: {phase.title}",
        "",
        f"Phase {phase.number}; the home is {repair.home}.",
        f"Files: {len(phase.changes)}.",
        f"Findings before: {_counted(phase.before)}.",
        f"Findings after: {_counted(phase.after)}.",
        "",
        f"They are counted by: goldenpath guard scan {home}",
    ]
    return "\n".join(lines) + "\n"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {code}" for code, n in counts.items()) or "none"
