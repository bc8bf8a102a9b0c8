"""Sees each guarding test turn red: what it guards against is brought back into a copy.

A test that is green on a tree says nothing by that alone. So the tree is copied once,
and for each test its violation is seeded there (``_seeds.py``), the test is run, and
the copy is made what it was.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from goldenpath.guard._errors import RepairError
from goldenpath.guard._view import View
from goldenpath.guard.repair._outcomes import Outcome
from goldenpath.guard.repair._prove import lay_out
from goldenpath.guard.repair._seeds import Contents, Guarding, read_tests, seed_for
from goldenpath.guard.repair._verify import Checks, run_tests

# Runs in a process of its own, with the interpreter that was asked for. A test is a
# function without arguments that reads the tree: it needs no runner to be called, and
# a runner that starts again for each would take most of the time.
_DRIVER = """\
import base64
import importlib.util
import json
import pathlib
import sys

plan = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
root = pathlib.Path(plan["root"])


def outcome(name):
    spec = importlib.util.spec_from_file_location("written", root / plan["place"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        getattr(module, name)()
    except AssertionError:
        return "failed"
    except BaseException as error:
        known = {"Skipped": "skipped", "Failed": "failed"}
        return known.get(type(error).__name__, "error")
    return "passed"


def seeded(name, seed):
    before = {}
    for path, content in seed.items():
        file = root / path
        before[file] = file.read_bytes() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(content))
    try:
        return outcome(name)
    finally:
        for file, content in before.items():
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content)


found = {
    name: [outcome(name), seeded(name, seed) if seed else None]
    for name, seed in plan["seeds"].items()
}
pathlib.Path(sys.argv[2]).write_text(json.dumps(found))
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Polarity:
    """What became of a test on the tree as it is, and on a copy with its violation.

    Attributes:
        test: The test.
        now: Its outcome on the tree; None if it did not run.
        seeded: And on the copy; None if it did not run, or nobody knows how to bring
            its violation back.
        seed: The files that were seeded.
    """

    test: Guarding
    now: Outcome | None
    seeded: Outcome | None
    seed: tuple[str, ...]

    @property
    def is_proved(self) -> bool:
        """Whether it passes now, and fails when its violation is back."""
        return self.now == "passed" and self.seeded == "failed"


def polarity(view: View, text: str, place: str, checks: Checks) -> list[Polarity]:
    """Run each test on the tree as it is, and with its violation.

    Args:
        view: The concept.
        text: The file of tests.
        place: Its path in the tree.
        checks: With which interpreter, and for how long.

    Raises:
        RepairError: The tests cannot be run.
    """
    try:
        tests = read_tests(text)
    except SyntaxError as error:
        raise RepairError(f"{place} cannot be read: {error}") from None
    seeds = {test.name: seed_for(view, test) for test in tests}
    with tempfile.TemporaryDirectory(prefix="goldenpath-") as folder:
        root = Path(folder) / "tree"
        lay_out(view.project, text, place, root)
        outcomes = _outcomes(Path(folder), root, place, seeds, checks)
    found = []
    for test in tests:
        now, seeded = outcomes[test.name]
        found.append(Polarity(test, now, seeded, tuple(sorted(seeds[test.name]))))
    return found


def _outcomes(
    folder: Path, root: Path, place: str, seeds: dict[str, Contents], checks: Checks
) -> dict[str, Sequence[Outcome | None]]:
    plan, found = folder / "plan.json", folder / "found.json"
    written: dict[str, Any] = {
        "root": str(root),
        "place": place,
        "seeds": {
            name: {p: base64.b64encode(c).decode() for p, c in seed.items()}
            for name, seed in seeds.items()
        },
    }
    plan.write_text(json.dumps(written), "utf-8")
    command = (checks.python, "-c", _DRIVER, str(plan), str(found))
    run = run_tests(root, dataclasses.replace(checks, test_command=shlex.join(command)))
    if not found.exists():
        late = f" within {checks.timeout:.0f} seconds" if run.status is None else ""
        raise RepairError(f"the tests cannot be run{late}:\n{run.ending}")
    outcomes: dict[str, Sequence[Outcome | None]] = json.loads(found.read_text())
    return outcomes
