"""``goldenpath guard remediate``: the seven steps, one after the other."""

from __future__ import annotations

from pathlib import Path

from goldenpath.cli._close import TRACKER, facts_of, now_of, write_lock, write_tracker
from goldenpath.cli._guard import DEFAULT, What
from goldenpath.cli._guard_tests import write_tests
from goldenpath.cli._repair import carry_out, prepare
from goldenpath.cli._work import (
    WRITING,
    Work,
    Writing,
    read_text,
    write_text,
)
from goldenpath.guard._config import load
from goldenpath.guard._scan import Scan
from goldenpath.guard._test_plan import plan_tests
from goldenpath.guard._words import number
from goldenpath.guard.repair._git import Git, branch_for
from goldenpath.guard.repair._outcomes import FAILURES
from goldenpath.guard.repair._phases import Repair, count, told
from goldenpath.guard.repair._polarity import polarity
from goldenpath.guard.repair._pull_request import describe
from goldenpath.guard.repair._tracker import boxes
from goldenpath.guard.repair._verify import run_gate, run_tests
from goldenpath.guard.repair._write import SUBJECT

PULL_REQUEST = Path(".goldenpath-cache") / "pull-request.md"
_SHOWN = 12


def remediate(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    tests: Path = Path("tests"),
    lock: bool = True,
    how: Writing = WRITING,
) -> int:
    """Walk all seven steps; stop where a person must decide, and go on from there.

    What is done already is not done again: every step looks at the tree.

    Args:
        path: The tree.
        what: Which concepts.
        tests: Folder of the tree for the tests that are written.
        lock: Write a workflow for GitHub Actions that runs the guard, if nothing
            runs it yet.
        how: How it is written; what makes something worse is taken back.
    """
    load(path)
    repository = prepare(path, how)
    status = 0
    for work in Work(path, what, how, how).each():
        run_gate(path, work.checks(how))
        found = work.scan()
        start = count(found.findings)
        if repository is not None and found.findings:
            repository.branch(how.branch or branch_for(work.concept.name))
        planned = _write_tests(work, found, path / tests, repository)
        repair = planned or work.plan(found)
        _say(3, f"phases with something to do: {len(repair.phases)}")
        carry_out(work, repair, repair.phases, repository, how)
        _say(4, f"findings: {told(repair.before)} -> {told(repair.after)}")
        if planned or repair.phases:
            found = work.scan()
            repair = work.plan(found)
        elif how.test_command:
            status = _test(work, how) or status
        _prove(work, found)
        status = _close(work, found, repair, repository, start, lock=lock) or status
        _tell_people(repair)
    return status


def _say(step: int, text: str) -> None:
    print(f"{step}. {text}", flush=True)


def _commit(
    work: Work, repository: Git | None, paths: list[str], what: str, text: str
) -> None:
    """Commit files that are not of a phase, if they have changed."""
    if repository is not None and repository.differs(paths):
        subject = SUBJECT.format(work.concept.name) + what
        repository.commit(paths, f"{subject}\n\n{text}\n")


def _write_tests(
    work: Work, found: Scan, folder: Path, repository: Git | None
) -> Repair | None:
    """Write them if there are none; return the plan by which they were proved."""
    todo = plan_tests(found.views[0], found.findings)
    home = found.views[0].home_place
    counted = told(count(found.findings))
    _say(0, f"{work.concept.name}: its home is {home}; findings: {counted}")
    shares = " / ".join(f"{share} %" for share in todo.shares)
    _say(
        1,
        f"files of tests that touch it: {len(todo.files)}; to bring into line "
        f"{len(todo.align)}, "
        f"to write {len(todo.failing)} that fail and {len(todo.stability)} that hold "
        f"({shares})",
    )
    place = work.written_tests(found)
    if place:
        _say(2, f"the tests are written: {place}")
    elif not found.findings:
        _say(2, "there is nothing that a test could fail on")
    else:
        repair = work.plan(found)
        file, proofs = write_tests(work, found, repair, todo, folder)
        kept = sum(one.is_kept for one in proofs)
        proved = sum(one.is_proved for one in proofs)
        said = f"{number(kept, 'test')}, {proved} of them proved on both sides"
        place = file.resolve().relative_to(work.path.resolve()).as_posix()
        _commit(work, repository, [place], "write its tests", f"{place}: {said}.")
        _say(2, f"{place}: {said}")
        return repair
    return None


def _test(work: Work, how: Writing) -> int:
    """Run the tests of a tree in which no phase has anything to do."""
    run = run_tests(work.path, work.checks(how))
    failing = [name for name, outcome in run.tests.items() if outcome in FAILURES]
    first = f": {failing[0]}" if failing else ""
    said = "hold" if run.status == 0 else f"end with status {run.status}{first}"
    _say(5, f"the tests {said}")
    return int(run.status != 0)


def _prove(work: Work, found: Scan) -> None:
    place = work.written_tests(found)
    if not place:
        return
    text = read_text(work.path / place)
    seen = polarity(found.views[0], text, place, work.checks())
    proved = sum(one.is_proved for one in seen)
    _say(
        5, f"{proved} of {len(seen)} written tests pass, and turn red when what they "
        "guard against is back",
    )  # fmt: skip


def _close(
    work: Work,
    found: Scan,
    repair: Repair,
    repository: Git | None,
    start: dict[str, int],
    *,
    lock: bool,
) -> int:
    paths = [TRACKER]
    if lock and (file := write_lock(work)):
        paths.append(file)
    now = now_of(work, found, repair)
    write_tracker(work.path / TRACKER, now, start)
    _commit(work, repository, paths, "say how far it is", f"See {TRACKER}.")
    if repository is not None:
        text = describe(facts_of(work, now, ""))
        write_text(work.path / PULL_REQUEST, text)
    held = [box for box in boxes(now) if box.holds]
    missing = [box.title for box in boxes(now) if not box.holds]
    rest = f"; not yet: {', '.join(missing)}" if missing else ""
    _say(6, f"{len(held)} of 7 boxes hold ({TRACKER}){rest}")
    return 0 if not missing else 1


def _tell_people(repair: Repair) -> None:
    """List what a person has to decide before it goes on."""
    things = [f"{one.path}:{one.line}: {one.why}" for one in repair.left]
    things += [
        f"{one.finding.path}:{one.finding.line}: {one.finding.code}: {one.what}"
        for one in repair.by_hand
    ]
    if not things:
        return
    print(f"{number(len(things), 'thing')} left to a person; then run it again:")
    for thing in things[:_SHOWN]:
        print(f"  {thing}")
    if len(things) > _SHOWN:
        print(f"  and {len(things) - _SHOWN} more: `goldenpath guard plan`")
