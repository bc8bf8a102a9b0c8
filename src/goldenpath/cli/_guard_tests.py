"""``goldenpath guard tests`` and ``prove``: the tests round a concept, proved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from goldenpath.cli._guard import DEFAULT, What
from goldenpath.cli._work import (
    RUNNING,
    Running,
    Work,
    read_text,
    write_text,
)
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._scan import Scan
from goldenpath.guard._test_plan import TestPlan, plan_tests
from goldenpath.guard.repair._generated import file_of, tests_for
from goldenpath.guard.repair._phases import Repair
from goldenpath.guard.repair._polarity import polarity
from goldenpath.guard.repair._prove import Proof, prove
from goldenpath.guard.reports._repair import write_polarity, write_proofs
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
    running: Running = RUNNING,
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
        running: How these runs are made.
    """
    for work in Work(path, what, running).each():
        found = work.scan()
        todo = plan_tests(found.views[0], found.findings)
        if write is None:
            name = work.concept.name
            sys.stdout.write(write_test_plan(name, todo, format_))
        else:
            repair = work.plan(found)
            file, proofs = write_tests(work, found, repair, todo, write)
            sys.stdout.write(write_proofs(str(file), todo, proofs))
    return 0


def write_tests(
    work: Work, found: Scan, repair: Repair, todo: TestPlan, folder: Path
) -> tuple[Path, list[Proof]]:
    """Write the tests of a plan that prove something; return where, and the proofs."""
    view = found.views[0]
    place = work.place_for_tests(folder)
    tests = tests_for(view, found.findings, todo)
    depth = place.count("/")
    proofs = prove(
        tests,
        file_of(view, tests, depth=depth, asked=work.asked),
        place,
        (view.project, view.project.changed(repair.contents)),
        work.checks(test_command=work.only(place)),
    )
    kept = [one.test for one in proofs if one.is_kept]
    file = work.path / place
    write_text(file, file_of(view, kept, depth=depth, asked=work.asked))
    return file, proofs


def prove_tests(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    running: Running = RUNNING,
) -> int:
    """Bring each violation back into a copy, and see the test that guards it turn red.

    Args:
        path: The tree, with the tests that `guard tests --write` has written.
        what: Which concepts.
        running: How they are run.
    """
    status = 0
    for work in Work(path, what, running).each():
        found = work.scan()
        place = work.written_tests(found)
        if not place:
            raise ConfigurationError(
                f"there is no {work.test_name} in {path}: `goldenpath guard tests "
                f"{work.asked_text} --write FOLDER` writes it"
            )
        text = read_text(path / place)
        seen = polarity(found.views[0], text, place, work.checks())
        sys.stdout.write(write_polarity(place, seen))
        status = status or int(not all(one.is_proved for one in seen))
    return status
