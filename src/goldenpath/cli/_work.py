"""What the commands of a repair have in common: a tree, its concepts, the checks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import cyclopts

from goldenpath.cli._guard import What, concepts_of, scan_for, show_reading
from goldenpath.guard._config import Concept, Configuration, load
from goldenpath.guard._errors import ConfigurationError, RepairError
from goldenpath.guard._scan import Scan
from goldenpath.guard.repair._git import Git, slug
from goldenpath.guard.repair._phases import Repair
from goldenpath.guard.repair._phases import plan as plan_repair
from goldenpath.guard.repair._verify import Checks


@cyclopts.Parameter(name="*")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Running:
    """How something of the tree is run.

    Attributes:
        timeout: Seconds for each command, and for each import.
        python: The interpreter that runs tests, with pytest, and imports modules; by
            default the one that runs this.
    """

    timeout: float = 600.0
    python: str = ""


@cyclopts.Parameter(name="*")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Checking(Running):
    """How a tree is compared with what it was.

    Attributes:
        test_command: Run before and after by a shell in the tree; tests are compared
            by name, and what fails newly is run once more.
        gate: A command that must end with 0 before and after: what has to work, such
            as one golden path on a real socket. If it fails before, that is the first
            finding, and nothing can be called preserved.
        smoke: Import the modules that change, before and after, in fresh processes.
    """

    test_command: str = ""
    gate: str = ""
    smoke: bool = True


@cyclopts.Parameter(name="*")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Extent:
    """How far a repair goes.

    Attributes:
        unsafe: Also do what a person has to look at afterwards: delete rivals that
            nobody uses, replace subclasses that add nothing, and more; in phases of
            their own, the last ones.
        deprecate: Let modules that only handed on warn until this day, YYYY-MM-DD,
            instead of removing them: for importers outside of the tree.
        documents: Also name the home where .md, .rst and .txt files name a path that
            is gone.
    """

    unsafe: Annotated[bool, cyclopts.Parameter(negative="")] = False
    deprecate: str = ""
    documents: Annotated[bool, cyclopts.Parameter(negative="")] = False

    @property
    def text(self) -> str:
        """The same as it is typed, with a space before it."""
        unsafe = " --unsafe" if self.unsafe else ""
        documents = " --documents" if self.documents else ""
        until = f" --deprecate {self.deprecate}" if self.deprecate else ""
        return unsafe + until + documents

    @property
    def until(self) -> dt.date | None:
        """The day until which old modules warn; None to remove them.

        Raises:
            ConfigurationError: It is no day to come.
        """
        if not self.deprecate:
            return None
        try:
            day = dt.date.fromisoformat(self.deprecate)
        except ValueError:
            raise ConfigurationError(
                f"--deprecate {self.deprecate!r} is no day of the form 2027-03-31"
            ) from None
        if day <= dt.datetime.now(tz=dt.UTC).date():
            raise ConfigurationError(f"--deprecate {day} is not in the future")
        return day


@cyclopts.Parameter(name="*")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Writing(Checking, Extent):
    """How a repair is written.

    Attributes:
        branch: The branch to write on; goldenpath/ and the concept by default.
        git: Work on a branch, and commit each step.
        allow_dirty: Write although there are changes that are not committed.
    """

    branch: str = ""
    git: bool = True
    allow_dirty: Annotated[bool, cyclopts.Parameter(negative="")] = False


RUNNING, CHECKING, EXTENT, WRITING = Running(), Checking(), Extent(), Writing()


@dataclasses.dataclass(frozen=True)
class Work:
    """What somebody works on.

    Attributes:
        path: The tree.
        what: Which concepts.
        running: How something of it is run.
        extent: How far a repair goes.
    """

    path: Path
    what: What
    running: Running = RUNNING
    extent: Extent = EXTENT

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
        """Return the same for each concept by itself.

        One after the other: what was written for one is there for the next.
        """
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
                unsafe=self.extent.unsafe,
                deprecate=self.extent.until,
                documents=self.extent.documents,
                progress=progress,
            )

    @property
    def python(self) -> str:
        """The interpreter that runs tests and imports modules."""
        return self.running.python or sys.executable

    def checks(
        self,
        checking: Checking | None = None,
        *,
        test_command: str = "",
        modules: Sequence[str] = (),
    ) -> Checks:
        """Return how the tree is checked.

        Args:
            checking: What was asked for; None for only what is named here.
            test_command: Run if nothing was asked for.
            modules: What is imported, if that was not forbidden.
        """
        is_smoke = checking is None or checking.smoke
        return Checks(
            test_command=checking.test_command if checking else test_command,
            gate=checking.gate if checking else "",
            timeout=self.running.timeout,
            python=self.python,
            modules=tuple(modules) if is_smoke else (),
            source_roots=self.configuration.source_roots,
            variables=dict(os.environ),
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
        command = (self.python, "-m", "pytest", "-q")
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
