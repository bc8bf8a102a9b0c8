"""Runs written tests on both sides of a repair: the same outcome proves nothing.

Both sides are written to a scratch folder, of which nothing is imported.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from goldenpath.guard._errors import RepairError
from goldenpath.guard._project import Project
from goldenpath.guard.repair._generated import WrittenTest
from goldenpath.guard.repair._outcomes import Outcome
from goldenpath.guard.repair._verify import Checks, run_tests

_SETTINGS = "pyproject.toml"


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """What became of a test on both sides.

    Attributes:
        test: The test.
        before: Its outcome on the tree as it is; None if it did not run.
        after: And on the repaired one.
    """

    test: WrittenTest
    before: Outcome | None
    after: Outcome | None

    @property
    def is_proved(self) -> bool:
        """Whether it does what it is for."""
        wanted = "failed" if self.test.fails_now else "passed"
        return self.before == wanted and self.after == "passed"

    @property
    def waits(self) -> bool:
        """Whether it is right now, and a person has to do something before the end."""
        return self.test.fails_now and self.before == self.after == "failed"

    @property
    def is_kept(self) -> bool:
        """Whether it is worth keeping."""
        return self.is_proved or self.waits


def prove(
    tests: Sequence[WrittenTest],
    text: str,
    place: str,
    sides: tuple[Project, Project],
    checks: Checks,
) -> list[Proof]:
    """Run tests on both sides of a repair.

    Args:
        tests: The tests.
        text: The file with them.
        place: Its path in the tree.
        sides: The tree as it is, and the repaired one.
        checks: With which interpreter, and for how long.

    Raises:
        RepairError: They cannot be run.
    """
    before, after = (_outcomes(side, text, place, checks) for side in sides)
    return [Proof(one, before.get(one.name), after.get(one.name)) for one in tests]


def _outcomes(
    project: Project, text: str, place: str, checks: Checks
) -> Mapping[str, Outcome]:
    with tempfile.TemporaryDirectory(prefix="goldenpath-") as folder:
        root = Path(folder)
        lay_out(project, text, place, root)
        run = run_tests(root, checks)
    if not run.tests:
        raise RepairError(f"the tests cannot be run:\n{run.ending}")
    return {name.rpartition("::")[2]: outcome for name, outcome in run.tests.items()}


def lay_out(project: Project, text: str, place: str, root: Path) -> None:
    """Write a tree, and a file of tests, to a scratch folder."""
    for path, content in (*_files(project), (place, text.encode())):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _files(project: Project) -> Iterator[tuple[str, bytes]]:
    for path in project.files:
        yield path, project.content(path)
    settings = project.root / _SETTINGS
    if settings.is_file():
        yield _SETTINGS, settings.read_bytes()
