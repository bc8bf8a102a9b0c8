"""``goldenpath guard tests``, ``plan``, ``fix`` and ``close``: one home again."""

from __future__ import annotations

import dataclasses
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from goldenpath.cli._guard import (
    DEFAULT,
    What,
    concepts_of,
    scan_for,
    show_reading,
)
from goldenpath.guard._config import Configuration, load
from goldenpath.guard._errors import ConfigurationError, RepairError
from goldenpath.guard._scan import Scan
from goldenpath.guard._test_plan import plan_tests
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._generated import file_of, tests_for
from goldenpath.guard.repair._git import Git, branch_for, slug
from goldenpath.guard.repair._outcomes import FAILURES, Difference
from goldenpath.guard.repair._phases import Phase, Repair, count, told
from goldenpath.guard.repair._phases import plan as plan_repair
from goldenpath.guard.repair._prove import prove
from goldenpath.guard.repair._tracker import Now, boxes, document, lapsed, start_of
from goldenpath.guard.repair._verify import (
    Checks,
    run_tests,
    uncompilable,
)
from goldenpath.guard.repair._write import Written, write_phases
from goldenpath.guard.reports._repair import (
    write_diff,
    write_plan,
    write_proofs,
)
from goldenpath.guard.reports._tests import write_test_plan


def plan_for_tests(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    format_: Annotated[
        Literal["text", "json"], cyclopts.Parameter(name="--format")
    ] = "text",
    write: Path | None = None,
    timeout: float = 600.0,
    python: str = "",
) -> int:
    """Show the tests round a concept, their kinds, and what to do about them.

    Args:
        path: The tree.
        what: Which concepts.
        format_: text or json.
        write: Folder of the tree for the tests that the plan wants written. Each is
            run on the tree as it is and on the repaired one, in a scratch folder; one
            that does not fail before and pass after, or pass on both if it holds what
            must stay, is not kept.
        timeout: Seconds for these runs.
        python: The interpreter that runs them, with pytest; by default the one that
            runs this.
    """
    configuration = load(path)
    found = scan_for(path, what, configuration)
    for view in found.views:
        todo = plan_tests(view, found.findings)
        if write is None:
            sys.stdout.write(write_test_plan(view.concept.name, todo, format_))
            continue
        tests = tests_for(view, found.findings, todo)
        place = _place_for(path, write, view.concept.name)
        asked = _asked(what, view.concept.name)
        depth = place.count("/")
        mine = [one for one in found.findings if one.concept == view.concept.name]
        repair = plan_repair(view, mine)
        proofs = prove(
            tests,
            file_of(view, tests, depth=depth, asked=asked),
            place,
            (view.project, view.project.changed(repair.contents)),
            Checks(
                test_command=_only(place, python or sys.executable),
                timeout=timeout,
                variables=dict(os.environ),
            ),
        )
        kept = [one.test for one in proofs if one.is_kept]
        file = path / place
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(file_of(view, kept, depth=depth, asked=asked), "utf-8")
        except OSError as error:
            raise RepairError(f"cannot write {file}: {error.strerror}") from error
        sys.stdout.write(write_proofs(str(file), todo, proofs))
    return 0


def _place_for(path: Path, folder: Path, concept: str) -> str:
    """Return the path, from the root of a tree, of the tests of a concept.

    Raises:
        ConfigurationError: It is not in the tree.
    """
    try:
        return (
            (folder.resolve() / _file_name(concept))
            .relative_to(path.resolve())
            .as_posix()
        )
    except ValueError:
        raise ConfigurationError(
            f"{str(folder)!r} is not in the tree {str(path)!r}, which its tests read"
        ) from None


def _file_name(concept: str) -> str:
    return f"test_{slug(concept).replace('-', '_')}_has_one_home.py"


def _only(place: str, python: str) -> str:
    """Return the command that runs one file of tests, and nobody's settings."""
    command = (python, "-m", "pytest", "-q", "--noconftest", "-c", os.devnull)
    return shlex.join((*command, "--rootdir", ".", place))


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
    for repair in _plans(path, what, load(path)):
        asked = shlex.join(_asked(what, repair.concept))
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
    configuration = load(path)
    if not write:
        for repair in _plans(path, what, configuration):
            sys.stdout.write(write_diff(_chosen(repair, phase)))
        return 0
    repository = Git(path) if git else None
    if repository is not None and repository.is_clean:
        # What the journal is about was committed, or not begun.
        _journal.finish(path)
    for file in _journal.take_back(path):
        print(f"{file} is as it was before a run that was interrupted")
    if repository is not None and not allow_dirty:
        repository.require_clean()
    status = 0
    for repair in _plans(path, what, configuration):
        chosen = _chosen(repair, phase)
        if not chosen:
            print(f"{repair.concept}: nothing to do")
        elif repository is not None:
            repository.branch(branch or branch_for(repair.concept))
        checks = Checks(
            test_command=test_command,
            timeout=timeout,
            python=python or sys.executable,
            modules=repair.modules if smoke else (),
            source_roots=configuration.source_roots,
            variables=dict(os.environ),
        )
        asked = shlex.join(_asked(what, repair.concept))
        for done in write_phases(
            path, repair, chosen, repository, checks, asked=asked, say=_say
        ):
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


def close(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    output: Path | None = None,
    check: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    timeout: float = 600.0,
    python: str = "",
) -> int:
    """Write down how far a remediation is: seven boxes, each computed from the tree.

    Args:
        path: The tree.
        what: Which concept.
        output: The file; REMEDIATION.md of the tree by default. What was found when it
            was written first stays in it.
        check: Write nothing; say what it claims and is not so now.
        timeout: Seconds for the written tests.
        python: The interpreter that runs them, with pytest; by default the one that
            runs this.
    """
    file = output or path / "REMEDIATION.md"
    configuration = load(path)
    concepts = concepts_of(path, what, configuration)
    if len(concepts) != 1:
        names = ", ".join(repr(one.name) for one in concepts)
        raise ConfigurationError(f"give one of {names} with --concept")
    found = scan_for(path, what, configuration)
    now = _now(path, what, found, python or sys.executable, timeout)
    text = _text_of(file)
    if not check:
        document_ = document(now, start=start_of(text) or now.findings)
        try:
            file.write_text(document_, "utf-8")
        except OSError as error:
            raise RepairError(f"cannot write {file}: {error.strerror}") from error
        sys.stdout.write(document_)
        return 0 if all(box.holds for box in boxes(now)) else 1
    if not text:
        raise ConfigurationError(
            f"there is no {file}: `goldenpath guard close` writes it"
        )
    claims = lapsed(text, now)
    for claim in claims:
        print(f"{file}: {claim}")
    if not claims:
        print(f"{file}: everything that it says is so")
    return 1 if claims else 0


def _now(path: Path, what: What, found: Scan, python: str, timeout: float) -> Now:
    (view,) = found.views
    repair = plan_repair(view, found.findings)
    todo = plan_tests(view, found.findings)
    name = _file_name(view.concept.name)
    written = next((one for one in view.project.files if one.endswith(f"/{name}")), "")
    failing = None
    if written:
        checks = Checks(_only(written, python), timeout, variables=dict(os.environ))
        outcomes = run_tests(path, checks).tests
        if outcomes:
            failing = sorted(
                n for n, outcome in outcomes.items() if outcome in FAILURES
            )
    related = sorted(view.related)
    return Now(
        concept=view.concept.name,
        home=view.home_place,
        commit=_commit(path),
        asked=shlex.join(_asked(what, view.concept.name)),
        findings=count(found.findings),
        tests=len(todo.files),
        to_align=len(todo.align),
        written=written,
        failing=failing,
        phases=[phase.title for phase in repair.phases],
        broken=list(uncompilable((one, view.project.content(one)) for one in related)),
        by_hand=len(repair.left) + len(repair.by_hand),
        keepers=list(_keepers(path)),
    )


def _keepers(path: Path) -> Iterator[str]:
    """Yield the files of CI and hooks that run the guard."""
    for pattern in _WHERE_CHECKS_ARE:
        for file in sorted(path.glob(pattern)):
            text = _text_of(file)
            if "goldenpath guard scan" in text or "goldenpath-guard" in text:
                yield file.relative_to(path).as_posix()


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


_WHERE_CHECKS_ARE = (
    ".github/workflows/*.y*ml",
    ".pre-commit-config.yaml",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "Jenkinsfile",
    "Makefile",
    "noxfile.py",
    "tox.ini",
    ".ci/*",
)


def _said(done: Written) -> str:
    phase = done.phase
    where = f" in {done.commit}" if done.commit else ""
    return (
        f"phase {phase.number}: {phase.title}: {len(phase.changes)} files{where}; "
        f"findings: {told(phase.before)} -> {told(phase.after)}"
        + _tests(done.difference)
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


def _plans(path: Path, what: What, configuration: Configuration) -> Iterator[Repair]:
    # One after the other: what was written for one is there for the next.
    for concept in concepts_of(path, what, configuration):
        one = what if what.home else dataclasses.replace(what, concept=concept.name)
        found = scan_for(path, one, configuration)
        (view,) = found.views
        with show_reading() as progress:
            repair = plan_repair(view, found.findings, progress=progress)
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


def _asked(what: What, concept: str) -> list[str]:
    """Return the arguments that name a concept."""
    if not what.home:
        return ["--concept", concept]
    given = {"--home": what.home, "--words": what.words, "--factory": what.factory}
    return [part for pair in given.items() if pair[1] for part in pair]


def _commit(path: Path) -> str:
    try:
        return Git(path).head()
    except RepairError:
        return ""
