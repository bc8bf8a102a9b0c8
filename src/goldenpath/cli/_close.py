"""``goldenpath guard close``: how far a remediation is, and what keeps it so."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import cyclopts

from goldenpath.cli._guard import DEFAULT, What
from goldenpath.cli._work import RUNNING, Running, Work, read_text, write_text
from goldenpath.guard._errors import ConfigurationError, RepairError
from goldenpath.guard._scan import Scan
from goldenpath.guard._test_plan import plan_tests
from goldenpath.guard.repair._compare import findings_of_commit
from goldenpath.guard.repair._git import Git
from goldenpath.guard.repair._outcomes import FAILURES
from goldenpath.guard.repair._phases import Repair, count
from goldenpath.guard.repair._pull_request import Facts, altered, describe, since_of
from goldenpath.guard.repair._tracker import Now, boxes, document, lapsed, start_of
from goldenpath.guard.repair._verify import run_tests, uncompilable
from goldenpath.guard.repair._write import RETIRED, SUBJECT

TRACKER = "REMEDIATION.md"
_BASES = ("main", "master", "trunk", "develop")
WORKFLOW = Path(".github/workflows/goldenpath-guard.yml")
_WORKFLOW_TEXT = """\
# Fails when somebody departs from the one home of {concept}.
name: goldenpath guard
on: [push, pull_request]
jobs:
  guard:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0  # the commits say which paths were retired, and when
      - uses: actions/setup-python@v5
        with:
          python-version: "3.x"
      - run: pip install goldenpath pytest
      - run: goldenpath guard scan {asked} --format github
      - run: goldenpath guard close {asked} --check
"""


def close(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    output: Path | None = None,
    pull_request: Path | None = None,
    since: str = "",
    lock: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    check: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    running: Running = RUNNING,
) -> int:
    """Write down how far a remediation is: seven boxes, each computed from the tree.

    Args:
        path: The tree.
        what: Which concept.
        output: The file; REMEDIATION.md of the tree by default. What was found when it
            was written first stays in it.
        pull_request: Also write the text of a pull request to this file: facts of
            the change since it began, counted from both trees.
        since: The commit at which the change began; by default the one before the
            first phase of a repair that is on this branch.
        lock: Also write a workflow for GitHub Actions that runs the guard, if nothing
            runs it yet.
        check: Write nothing; say what it claims and is not so now, and with
            --pull-request which of its lines.
        running: How the written tests are run.
    """
    work = Work(path, what, running).alone()
    file = output or path / TRACKER
    if check:
        return _check(work, file, pull_request)
    if lock:
        write_lock(work)
    found = work.scan()
    now = now_of(work, found, work.plan(found))
    sys.stdout.write(write_tracker(file, now, now.findings))
    if pull_request is not None:
        write_text(pull_request, describe(facts_of(work, now, since)))
    return 0 if all(box.holds for box in boxes(now)) else 1


def write_tracker(file: Path, now: Now, start: Mapping[str, int]) -> str:
    """Write down how far it is, unless that is what stands there; return what does.

    Args:
        file: The tracker.
        now: What was computed.
        start: Findings by code at the beginning, if it is written for the first time.
    """
    said = read_text(file)
    if said and not lapsed(said, now):
        return said
    text = document(now, start=start_of(said) or start)
    write_text(file, text)
    return text


def _check(work: Work, file: Path, pull_request: Path | None) -> int:
    text = read_text(file)
    if not text:
        raise ConfigurationError(
            f"there is no {file}: `goldenpath guard close` writes it"
        )
    found = work.scan()
    now = now_of(work, found, work.plan(found))
    claims = [f"{file}: {claim}" for claim in lapsed(text, now)]
    claims += _back(work, found)
    if pull_request is not None:
        said = read_text(pull_request)
        facts = facts_of(work, now, since_of(said))
        claims += [f"{pull_request}: {line}" for line in altered(said, facts)]
    for claim in claims:
        print(claim)
    if not claims:
        print(f"{file}: everything that it says is so")
    return 1 if claims else 0


def _back(work: Work, found: Scan) -> Iterator[str]:
    """Yield the paths that a repair has retired and that are there again."""
    try:
        repository = Git(work.path)
    except RepairError:
        return
    offered = {one.place: one for one in found.views[0].paths if not one.is_allowed}
    for place, when in repository.lines_in_log(RETIRED):
        if one := offered.pop(place, None):
            yield (f"{one.path}:{one.line}: {place} was retired on {when}, and is back")
    branch, count = repository.missing_from(_BASES)
    if count:
        print(
            f"{branch} has {count} commits that are not here: what is said holds for "
            "this tree; merge it, and run it again",
            file=sys.stderr,
        )


def write_lock(work: Work) -> str:
    """Let CI run the guard; return the file, or ``""`` if something runs it already."""
    if any(_keepers(work.path)):
        return ""
    text = _WORKFLOW_TEXT.format(concept=work.concept.name, asked=work.asked_text)
    write_text(work.path / WORKFLOW, text)
    return WORKFLOW.as_posix()


def now_of(work: Work, found: Scan, repair: Repair) -> Now:
    """Compute what a tracker says."""
    view = found.views[0]
    todo = plan_tests(view, found.findings)
    written = work.written_tests(found)
    failing = None
    if written:
        checks = work.checks(test_command=work.only(written))
        outcomes = run_tests(work.path, checks).tests
        if outcomes:
            failing = sorted(
                n for n, outcome in outcomes.items() if outcome in FAILURES
            )
    related = sorted(view.related)
    return Now(
        concept=view.concept.name,
        home=view.home_place,
        commit=work.commit,
        asked=work.asked_text,
        findings=count(found.findings),
        tests=len(todo.files),
        to_align=len(todo.align),
        written=written,
        failing=failing,
        phases=[phase.title for phase in repair.phases],
        broken=list(uncompilable((one, view.project.content(one)) for one in related)),
        by_hand=len(repair.left) + len(repair.by_hand),
        keepers=list(_keepers(work.path)),
    )


def facts_of(work: Work, now: Now, since: str) -> Facts:
    """Count what a pull request says.

    Raises:
        RepairError: The tree is outside of git, or there is no such commit.
    """
    repository = Git(work.path)
    begun = repository.name_of(since or repository.before(SUBJECT.format(now.concept)))
    with repository.worktree(begun) as before:
        was = findings_of_commit(before, work.concept, work.configuration)
    stat = repository.lines_since(begun)
    return Facts(
        concept=now.concept,
        home=now.home,
        since=begun,
        steps=repository.steps_since(begun, SUBJECT.format(now.concept)),
        added=stat.added,
        removed=stat.removed,
        files=stat.files,
        before=was,
        after=now.findings,
        boxes=boxes(now),
        asked=now.asked,
    )


def _keepers(path: Path) -> Iterator[str]:
    """Yield the files of CI and hooks that run the guard."""
    for pattern in _WHERE_CHECKS_ARE:
        for file in sorted(path.glob(pattern)):
            text = read_text(file)
            if "goldenpath guard scan" in text or "goldenpath-guard" in text:
                yield file.relative_to(path).as_posix()


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
