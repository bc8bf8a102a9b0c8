"""``goldenpath guard plan`` and ``fix``: one home again, a phase at a time."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from goldenpath.cli._guard import CACHE, DEFAULT, What, concepts_of, show_reading
from goldenpath.guard._cache import Cache
from goldenpath.guard._config import load
from goldenpath.guard._errors import ConfigurationError, RepairError
from goldenpath.guard._files import require_folder
from goldenpath.guard._project import Project
from goldenpath.guard._tests import is_test_path
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._git import Git, branch_for
from goldenpath.guard.repair._outcomes import Difference
from goldenpath.guard.repair._phases import Phase, Repair
from goldenpath.guard.repair._phases import plan as plan_repair
from goldenpath.guard.repair._verify import Checks, importable
from goldenpath.guard.repair._write import Written, write_phases
from goldenpath.guard.reports._repair import counted, write_diff, write_plan


def plan(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    format_: Annotated[
        Literal["markdown", "json"], cyclopts.Parameter(name="--format")
    ] = "markdown",
) -> int:
    """Show the repair in phases, with what each changes and what is left to a person.

    Args:
        path: The tree.
        what: Which concepts.
        format_: markdown or json.
    """
    for repair in _plans(path, what):
        asked = _asked(what, repair)
        text = write_plan(repair, format_, commit=_commit(path), asked=asked)
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
    branch: str = "",
    git: bool = True,
    allow_dirty: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    test_command: str = "",
    timeout: float = 600.0,
    smoke: bool = True,
    python: str = "",
) -> int:
    """Carry a repair out, or show it: without --write, a diff is printed.

    Args:
        path: The tree.
        what: Which concepts.
        phase: Only this phase of the plan; those before it must be done.
        all_: Every phase.
        write: Write files, and commit each phase.
        branch: The branch to write on; goldenpath/ and the concept by default.
        git: Work on a branch, and commit each phase.
        allow_dirty: Write although there are changes that are not committed.
        test_command: Run before, and after each phase, by a shell in the tree; a phase
            after which a test newly fails is taken back, and the files that did it
            are named.
        timeout: Seconds for the tests, and for each import.
        smoke: Import the modules that change, before and after, in fresh processes.
        python: The interpreter that imports them; by default the one that runs this.
    """
    if bool(phase) == all_:
        raise ConfigurationError(
            "give --phase NUMBER or --all; `goldenpath guard plan` lists the phases"
        )
    require_folder(path)
    if not write:
        for repair in _plans(path, what):
            sys.stdout.write(write_diff(_chosen(repair, phase)))
        return 0
    repository = Git(path) if git else None
    for file in _journal.take_back(path):
        print(f"{file} is as it was before a run that was interrupted")
    if repository is not None and not allow_dirty:
        repository.require_clean()
    status = 0
    for repair in _plans(path, what):
        chosen = _chosen(repair, phase)
        if not chosen:
            print(f"{repair.concept}: nothing to do")
        elif repository is not None:
            repository.branch(branch or branch_for(repair.concept))
        checks = Checks(
            test_command=test_command,
            timeout=timeout,
            python=python or sys.executable,
            modules=_modules(path, chosen) if smoke else (),
            source_roots=load(path).source_roots,
            variables=dict(os.environ),
        )
        for done in write_phases(path, repair, chosen, repository, checks, say=_say):
            print(_said(done), flush=True)
        people = len(repair.left) + len(repair.by_hand)
        if people:
            status = 1
            print(
                f"{repair.concept}: {people} things are left to a person; "
                "`goldenpath guard plan` lists them"
            )
    return status


def _say(what: str) -> None:
    if sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)


def _said(done: Written) -> str:
    phase = done.phase
    where = f" in {done.commit}" if done.commit else ""
    return (
        f"phase {phase.number}: {phase.title}: {len(phase.changes)} files{where}; "
        f"findings: {counted(phase.before)} -> {counted(phase.after)}"
        + (_tests(done.difference) if done.difference is not None else "")
    )


def _tests(difference: Difference) -> str:
    counts = {
        "newly passing": difference.newly_passing,
        "flaky": difference.flaky,
    }
    return "".join(
        f"; {len(names)} tests {what}: {names[0]}"
        for what, names in counts.items()
        if names
    )


def _modules(path: Path, phases: Sequence[Phase]) -> tuple[str, ...]:
    """Return the modules that change and stay, tests left out."""
    configuration = load(path)
    modules = Project(
        path,
        exclude=configuration.exclude,
        source_roots=configuration.source_roots,
    ).modules
    changes = [change for phase in phases for change in phase.changes]
    gone = {change.path for change in changes if change.after is None}
    paths = sorted({change.path for change in changes} - gone)
    return importable(
        [modules.name_of(one) for one in paths if not is_test_path(one, configuration)]
    )


def _plans(path: Path, what: What) -> Iterator[Repair]:
    configuration = load(path)
    require_folder(path)
    for concept in concepts_of(path, what, configuration):
        project = Project(
            path,
            exclude=configuration.exclude,
            source_roots=configuration.source_roots,
            cache=Cache(path / CACHE if what.cache else None),
            processes=what.jobs or None,
        )
        with show_reading() as progress:
            repair = plan_repair(project, concept, configuration, progress=progress)
        yield repair


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


def _asked(what: What, repair: Repair) -> str:
    """Return the arguments that name the concept of a repair."""
    if not what.home:
        return shlex.join(("--concept", repair.concept))
    given = {"--home": what.home, "--words": what.words, "--factory": what.factory}
    return shlex.join(part for pair in given.items() if pair[1] for part in pair)


def _commit(path: Path) -> str:
    try:
        return Git(path).head()
    except RepairError:
        return ""
