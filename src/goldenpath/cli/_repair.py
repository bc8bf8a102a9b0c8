"""``goldenpath guard plan``, ``fix``, ``verify``: one home again, nothing worse."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from goldenpath.cli._guard import DEFAULT, What
from goldenpath.cli._work import (
    CHECKING,
    EXTENT,
    WRITING,
    Checking,
    Extent,
    Work,
    Writing,
)
from goldenpath.guard._config import load
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._words import number
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._compare import Sides, compare_trees
from goldenpath.guard.repair._git import Git, branch_for
from goldenpath.guard.repair._outcomes import Difference
from goldenpath.guard.repair._phases import Phase, Repair, told
from goldenpath.guard.repair._write import SUBJECT, Written, write_phases
from goldenpath.guard.reports._repair import write_comparison, write_diff, write_plan


def plan(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    format_: Annotated[
        Literal["markdown", "json"], cyclopts.Parameter(name="--format")
    ] = "markdown",
    extent: Extent = EXTENT,
) -> int:
    """Show the repair in phases, with what each changes and what is left to a person.

    Args:
        path: The tree.
        what: Which concepts.
        format_: markdown or json.
        extent: How far it goes.
    """
    for work in Work(path, what, extent=extent).each():
        text = write_plan(
            work.plan(),
            format_,
            commit=work.commit,
            asked=work.asked_text,
            options=extent.text,
        )
        sys.stdout.write(text)
    return 0


def fix(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    phase: int = 0,
    all_: Annotated[bool, cyclopts.Parameter(name="--all", negative="")] = False,
    write: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    how: Writing = WRITING,
) -> int:
    """Carry a repair out, or show it: without --write, a diff is printed.

    Args:
        path: The tree.
        what: Which concepts.
        phase: Only this phase of the plan; those before it must be done.
        all_: Every phase.
        write: Write files, and commit each phase.
        how: How it is written. A phase after which something is worse is taken back,
            and the files that did it are named.
    """
    if bool(phase) == all_:
        raise ConfigurationError(
            "give --phase NUMBER or --all; `goldenpath guard plan` lists the phases"
        )
    load(path)  # what is wrong with it comes before anything is taken back
    if not write:
        for work in Work(path, what, extent=how).each():
            sys.stdout.write(write_diff(_chosen(work.plan(), phase)))
        return 0
    repository = prepare(path, how)
    status = 0
    for work in Work(path, what, how, how).each():
        repair = work.plan()
        chosen = _chosen(repair, phase)
        if not chosen:
            print(f"{repair.concept}: nothing to do")
        carry_out(work, repair, chosen, repository, how)
        people = len(repair.left) + len(repair.by_hand)
        if people:
            status = 1
            print(
                f"{repair.concept}: {number(people, 'thing is', 'things are')} left to "
                "a person; `goldenpath guard plan` lists them"
            )
    return status


def prepare(path: Path, how: Writing) -> Git | None:
    """Make a tree ready to be written: what was interrupted is taken back.

    Raises:
        RepairError: It is outside of git, or has changes that are not committed.
    """
    repository = Git(path) if how.git else None
    if repository is not None and repository.is_clean:
        # What the journal is about was committed, or not begun.
        _journal.finish(path)
    for file in _journal.take_back(path):
        print(f"{file} is as it was before a run that was interrupted")
    if repository is not None and not how.allow_dirty:
        repository.require_clean()
    return repository


def carry_out(
    work: Work,
    repair: Repair,
    phases: Sequence[Phase],
    repository: Git | None,
    how: Writing,
) -> None:
    """Write phases, and say of each what came of it.

    Raises:
        RepairError: One cannot be written, or makes something worse.
    """
    if repository is not None and phases:
        repository.branch(how.branch or branch_for(repair.concept))
    checks = work.checks(how, modules=list(repair.modules.values()))
    asked = work.asked_text
    for done in write_phases(
        work.path, repair, phases, repository, checks, asked=asked, say=say
    ):
        print(_said(done), flush=True)


def say(what: str) -> None:
    """Tell a person at a terminal what is being done."""
    if sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)


def verify(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    since: str = "",
    checking: Checking = CHECKING,
) -> int:
    """Compare a tree with what it was: does anything fail now that did not before?

    Args:
        path: The tree.
        what: Which concepts.
        since: The commit to compare with, such as main; by default the one before
            the first phase of a repair that is on this branch, or the last one.
        checking: What is run on both.
    """
    status = 0
    repository = Git(path)
    for work in Work(path, what, checking).each():
        begun = since or repository.before(SUBJECT.format(work.concept.name))
        say(f"laying out {begun}")
        with repository.worktree(begun) as before:
            checks = work.checks(checking)
            found = compare_trees(
                Sides(before, path),
                work.concept,
                work.configuration,
                repository.changed_since(begun),
                checks,
                smoke=checking.smoke,
                say=say,
            )
        sys.stdout.write(write_comparison(found, since=begun))
        status = status or int(found.is_worse)
    return status


def _said(done: Written) -> str:
    phase = done.phase
    where = f" in {done.commit}" if done.commit else ""
    files = number(len(phase.changes), "file")
    return (
        f"phase {phase.number}: {phase.title}: {files}{where}; "
        f"findings: {told(phase.before)} -> {told(phase.after)}"
        + _tests(done.difference)
    )


def _tests(difference: Difference) -> str:
    counts = {
        "newly passing": difference.newly_passing,
        "flaky": difference.flaky,
    }
    return "".join(
        f"; {number(len(names), 'test')} {what}: {names[0]}"
        for what, names in counts.items()
        if names
    )


def _chosen(repair: Repair, number: int) -> list[Phase]:
    """Return the phases that were asked for.

    Raises:
        ConfigurationError: One before it is not done yet.
    """
    if not number:
        return list(repair.phases)
    chosen = [phase for phase in repair.phases if phase.number == number]
    earlier = [phase.number for phase in repair.phases if phase.number < number]
    if chosen and earlier:
        raise ConfigurationError(
            f"phase {number} stands on phase {earlier[0]}, which is not done yet"
        )
    return chosen
