"""What the commands of a repair have in common: a tree, its concepts, the checks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from goldenpath.cli._guard import What, concepts_of, scan_for, show_reading
from goldenpath.guard._config import Concept, Configuration, load
from goldenpath.guard._errors import ConfigurationError, RepairError
from goldenpath.guard._scan import Scan
from goldenpath.guard.repair._git import Git, slug
from goldenpath.guard.repair._phases import Repair
from goldenpath.guard.repair._phases import plan as plan_repair
from goldenpath.guard.repair._verify import Checks


@dataclasses.dataclass(frozen=True)
class Work:
    """What somebody works on.

    Attributes:
        path: The tree.
        what: Which concepts.
        python: The interpreter that runs tests and imports modules; ``""`` for the
            one that runs this.
        timeout: Seconds for each command, and each import.
        unsafe: Whether repairs are made that a person has to look at.
        deprecate: Until when modules that only handed on warn; None to remove them.
    """

    path: Path
    what: What
    python: str = ""
    timeout: float = 600.0
    unsafe: bool = False
    deprecate: dt.date | None = None

    @functools.cached_property
    def configuration(self) -> Configuration:
        """The tree's own settings."""
        return load(self.path)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that were asked for."""
        return concepts_of(self.path, self.what, self.configuration)

    def alone(self) -> Work:
        """Return the same for the one concept that was asked for.

        Raises:
            ConfigurationError: There are several.
        """
        if len(self.concepts) != 1:
            names = ", ".join(repr(one.name) for one in self.concepts)
            raise ConfigurationError(f"give one of {names} with --concept")
        return self.each()[0]

    def each(self) -> list[Work]:
        """Return the same for each concept by itself."""
        if self.what.home:
            return [self]
        return [
            dataclasses.replace(
                self, what=dataclasses.replace(self.what, concept=concept.name)
            )
            for concept in self.concepts
        ]

    @property
    def concept(self) -> Concept:
        """The first concept."""
        return self.concepts[0]

    @property
    def asked(self) -> list[str]:
        """The arguments that name the concept."""
        if not self.what.home:
            return ["--concept", self.concept.name]
        what = self.what
        given = {"--home": what.home, "--words": what.words, "--factory": what.factory}
        return [part for pair in given.items() if pair[1] for part in pair]

    @property
    def asked_text(self) -> str:
        """The same as they are typed."""
        return shlex.join(self.asked)

    def scan(self) -> Scan:
        """Scan the tree."""
        return scan_for(self.path, self.what, self.configuration)

    def plan(self, found: Scan | None = None) -> Repair:
        """Work the repair out of the first concept."""
        found = found or self.scan()
        view = found.views[0]
        mine = [one for one in found.findings if one.concept == view.concept.name]
        with show_reading() as progress:
            return plan_repair(
                view,
                mine,
                unsafe=self.unsafe,
                deprecate=self.deprecate,
                progress=progress,
            )

    def checks(self, **more: Any) -> Checks:
        """Return how the tree is checked."""
        return Checks(
            timeout=self.timeout,
            python=self.python or sys.executable,
            source_roots=self.configuration.source_roots,
            variables=dict(os.environ),
            **more,
        )

    @property
    def commit(self) -> str:
        """The commit that is checked out; ``""`` outside of git."""
        try:
            return Git(self.path).head()
        except RepairError:
            return ""

    # The tests that were written for the concept.

    @property
    def test_name(self) -> str:
        """The name of their file."""
        return f"test_{slug(self.concept.name).replace('-', '_')}_has_one_home.py"

    def written_tests(self, found: Scan) -> str:
        """Return the path of their file from the root; ``""`` if there is none."""
        files = found.project.files
        return next((one for one in files if one.endswith(f"/{self.test_name}")), "")

    def place_for_tests(self, folder: Path) -> str:
        """Return the path of their file in a folder, from the root.

        Raises:
            ConfigurationError: It is not in the tree.
        """
        try:
            place = (folder.resolve() / self.test_name).relative_to(self.path.resolve())
        except ValueError:
            raise ConfigurationError(
                f"{str(folder)!r} is not in the tree {str(self.path)!r}, "
                "which its tests read"
            ) from None
        return place.as_posix()

    def only(self, place: str) -> str:
        """Return the command that runs one file of tests, and nobody's settings."""
        command = (self.python or sys.executable, "-m", "pytest", "-q")
        alone = ("--noconftest", "-c", os.devnull, "--rootdir", ".", place)
        return shlex.join((*command, *alone))


def write_text(file: Path, text: str) -> None:
    """Write a file.

    Raises:
        RepairError: It cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise RepairError(f"cannot write {file}: {error.strerror}") from error


def read_text(file: Path) -> str:
    """Return what a file says; ``""`` if it is not there."""
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def work_of(
    path: Path,
    what: What,
    *,
    python: str = "",
    timeout: float = 600.0,
    unsafe: bool = False,
    deprecate: str = "",
) -> Iterator[Work]:
    """Yield the work on each concept.

    One after the other: what was written for one is there for the next.

    Raises:
        ConfigurationError: ``deprecate`` is no day to come.
    """
    until = _day(deprecate) if deprecate else None
    yield from Work(path, what, python, timeout, unsafe, until).each()


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"--deprecate {text!r} is no day of the form 2027-03-31"
        ) from None
    if day <= dt.datetime.now(tz=dt.UTC).date():
        raise ConfigurationError(f"--deprecate {text} is not in the future")
    return day
