"""Take one guard away at a time, and demand that a test notices.

Usage:
    python tools/mutants.py [--only NAME ...] [-j N] [--list]

The guards are in tools/mutants.toml. Each is removed from a copy of the source, in a
temporary folder; the tests run as they are and import that copy. First they run on a
copy from which nothing was taken: where that is red, red says nothing.

The exit code is 1 if a guard can go without any test noticing, and 2 if that cannot be
told: a guard is no longer found in the source, or its tests are red anyway.
"""

from __future__ import annotations

import argparse
import ast
import concurrent.futures
import contextlib
import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUARDS = Path(__file__).with_name("mutants.toml")
PACKAGE = "goldenpath"
# A mutant may hang: that is noticed as well, but not for ever.
TEST_WITHIN = 60
RUN_WITHIN = 600
_RED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_HANGS = "one that hangs"


class StaleError(Exception):
    """A guard is not where its mutant looks for it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What is replaced in one file.

    Attributes:
        file: Below the package.
        find: Is in it exactly once.
        replace: Takes its place.
    """

    file: str
    find: str
    replace: str

    def applied(self, source: str) -> str:
        """Return the source without the guard.

        Raises:
            StaleError: It is not there, or not once.
        """
        count = source.count(self.find)
        if count != 1:
            raise StaleError(f"{self.file} has it {count} times:\n{self.find}")
        changed = source.replace(self.find, self.replace)
        # What does not compile fails every test, and says nothing about any.
        ast.parse(changed, self.file)
        return changed


@dataclasses.dataclass(frozen=True, slots=True)
class Guard:
    """Something that the promise stands on.

    Attributes:
        name: For people and for ``--only``.
        why: What goes wrong without it.
        tests: Arguments of pytest, each for one run.
        changes: Remove it.
    """

    name: str
    why: str
    tests: tuple[str, ...]
    changes: tuple[Change, ...]

    def remove(self, package: Path) -> None:
        """Remove it from a copy of the package.

        Raises:
            StaleError: It is not where it was.
        """
        for change in self.changes:
            path = package / change.file
            try:
                changed = change.applied(path.read_text("utf-8"))
            except StaleError as error:
                raise StaleError(f"{self.name} is stale: {error}") from None
            path.write_text(changed, "utf-8")


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one guard's removal.

    Attributes:
        guard: Its name.
        files: Where it was.
        red: The tests that noticed.
        seconds: How long that took.
        trouble: Why it cannot be told, if it cannot.
    """

    guard: str
    files: tuple[str, ...]
    red: tuple[str, ...]
    seconds: float
    trouble: str = ""


def read_guards(path: Path = GUARDS) -> list[Guard]:
    """Return the guards that are written down."""
    return [
        Guard(
            name=one["name"],
            why=one["why"],
            tests=tuple(one["tests"]),
            changes=tuple(
                # A text that begins on a line of its own is whole lines.
                Change(change["file"], change["find"], change["replace"])
                for change in one["change"]
            ),
        )
        for one in tomllib.loads(path.read_text("utf-8"))["guard"]
    ]


def copy_source(target: Path) -> Path:
    """Copy the source to a folder for ``PYTHONPATH``; return the package in it."""
    shutil.copytree(
        ROOT / "src" / PACKAGE,
        target / PACKAGE,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return target / PACKAGE


def run_tests(arguments: str, source: Path) -> tuple[int, str]:
    """Run some tests on a copy; return pytest's status and what it said."""
    environment = os.environ | {
        "PYTHONPATH": str(source),
        # The copies are gone before anybody would read what was compiled.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        sys.executable, "-m", "pytest", *arguments.split(),
        "-x", "-q", "--no-header", "--tb=no", "-rfE", "-p", "no:cacheprovider",
        # By a thread, that ends the process: what hangs may hang on in its clean-up.
        f"--timeout={TEST_WITHIN}", "--timeout-method=thread",
    ]  # fmt: skip
    # In a session of its own, so that nothing that hangs is left behind.
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=RUN_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode == 1 and _RED.search(said):
        return 1, said
    if process.returncode in (1, -signal.SIGKILL):
        return 1, f"{said}\nFAILED {_HANGS}"
    return process.returncode, said


def try_guard(guard: Guard) -> Outcome:
    """Remove a guard, and run its tests until one turns red."""
    began = time.monotonic()
    files = tuple(dict.fromkeys(change.file for change in guard.changes))
    red: tuple[str, ...] = ()
    trouble = ""
    with tempfile.TemporaryDirectory(prefix="goldenpath-mutant-") as folder:
        try:
            guard.remove(copy_source(Path(folder)))
        except StaleError as error:
            return Outcome(guard.name, files, (), 0.0, str(error))
        for arguments in guard.tests:
            status, said = run_tests(arguments, Path(folder))
            # 1 is a red test; all else is a mistake in the guard's own table.
            if status not in (0, 1):
                trouble = f"pytest {arguments} ended with {status}:\n{said[-1000:]}"
                break
            red = tuple(_RED.findall(said))
            if red:
                break
    return Outcome(guard.name, files, red, time.monotonic() - began, trouble)


def try_without_change(guards: Sequence[Guard], jobs: int) -> list[str]:
    """Return which of the guards' tests are red although nothing was removed."""
    everything = list(dict.fromkeys(test for guard in guards for test in guard.tests))
    with tempfile.TemporaryDirectory(prefix="goldenpath-mutant-") as folder:
        copy_source(Path(folder))
        _require_copy(Path(folder))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            found = pool.map(lambda test: run_tests(test, Path(folder)), everything)
            return [
                f"pytest {test} is red anyway:\n{said[-1000:]}"
                for test, (status, said) in zip(everything, found, strict=True)
                if status != 0
            ]


def _require_copy(source: Path) -> None:
    """See that the copy is what would be imported; else nothing would be tried."""
    said = subprocess.run(
        [sys.executable, "-c", f"import {PACKAGE}; print({PACKAGE}.__file__)"],
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if not said.startswith(str(source)):
        raise SystemExit(f"not the copy is imported, but {said}")


def table(outcomes: Sequence[Outcome]) -> str:
    """Return what became of each, as a table."""
    rows = [("guard", "file", "noticed by", "seconds")]
    rows += [
        (
            outcome.guard,
            ", ".join(outcome.files),
            _noticed(outcome),
            f"{outcome.seconds:.1f}",
        )
        for outcome in outcomes
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _noticed(outcome: Outcome) -> str:
    if outcome.trouble:
        return "cannot be told"
    if not outcome.red:
        return "NOBODY"
    # The name of a test says what it is about; its path says less.
    return outcome.red[0].rpartition("::")[2]


def chosen(guards: Sequence[Guard], names: Sequence[str]) -> list[Guard]:
    """Return the guards of these names, or all."""
    known = {guard.name for guard in guards}
    for name in names:
        if name not in known:
            raise SystemExit(f"no guard is called {name!r}\n\nhint: --list names them")
    return [guard for guard in guards if not names or guard.name in names]


def main(arguments: list[str]) -> int:
    """Try the guards; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="at once; 2")
    parser.add_argument("--list", action="store_true", help="name them, and why")
    asked = parser.parse_args(arguments)
    guards = chosen(read_guards(), asked.only)
    if asked.list:
        for guard in guards:
            print(f"{guard.name:32}{guard.why}")
        return 0
    print(f"without a change: the tests of {len(guards)} guards", file=sys.stderr)
    troubles = try_without_change(guards, asked.jobs)
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool:
        for outcome in pool.map(try_guard, guards):
            print(f"{outcome.guard}: {_noticed(outcome)}", file=sys.stderr)
            outcomes.append(outcome)
    print(table(outcomes))
    troubles += [outcome.trouble for outcome in outcomes if outcome.trouble]
    for trouble in troubles:
        print(f"\n{trouble}", file=sys.stderr)
    if troubles:
        return 2
    survivors = [outcome.guard for outcome in outcomes if not outcome.red]
    print(f"\n{len(outcomes)} guards removed, {len(survivors)} noticed by nobody")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
