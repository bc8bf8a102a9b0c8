"""Runs what tells whether a tree got worse: imports, tests, and the behaviour gate.

Large trees have modules that could not be imported before, and tests that failed. So
everything is compared with how it was, and nothing is demanded to be green; but for the
gate, which somebody named because it has to be.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

from goldenpath.guard._errors import RepairError
from goldenpath.guard.repair._outcomes import Difference, Run, compare, read_report

_ENDING = 20
_PROGRAMS = ("__main__", "setup", "conftest")


@dataclasses.dataclass(frozen=True, slots=True)
class Checks:
    """How a tree is checked.

    Attributes:
        test_command: Run by a shell in the tree; ``""`` for none.
        gate: Likewise, a command that ends with 0 as long as what matters works.
        timeout: Seconds for each command, and for each import.
        python: The interpreter that imports modules.
        modules: Modules to import, but for those that start programs; those that
            could not be imported before are not held against anybody.
        source_roots: Where imports start from.
        variables: The environment that the tests and imports see.
    """

    test_command: str = ""
    gate: str = ""
    timeout: float = 600.0
    python: str = sys.executable
    modules: tuple[str, ...] = ()
    source_roots: tuple[str, ...] = ()
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """How a tree is.

    Attributes:
        run: Of its tests; None if there is no command.
        broken: Why each module that cannot be imported cannot, by name.
        gate: What the gate said; None if there is none.
    """

    run: Run | None
    broken: dict[str, str]
    gate: Run | None = None

    @property
    def is_open(self) -> bool:
        """Whether the gate lets it pass; also if there is none."""
        return self.gate is None or self.gate.status == 0


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What got worse, and what got better.

    Attributes:
        difference: Of the tests.
        broken: Modules that could be imported before, and why they cannot be now.
        gate: What the gate says now; ``""`` if it is open, or was not before.
    """

    difference: Difference
    broken: Mapping[str, str]
    gate: str = ""

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse."""
        return bool(self.difference.is_worse or self.broken or self.gate)

    @property
    def worse(self) -> list[str]:
        """What got worse, a line each."""
        found = [
            f"{name} cannot be imported any more: {why}"
            for name, why in self.broken.items()
        ]
        found += [f"{name} fails" for name in self.difference.newly_failing]
        found += [f"{name} is not run any more" for name in self.difference.missing]
        return found + [one for one in (self.difference.reason, self.gate) if one]


def state_of(root: Path, checks: Checks) -> State:
    """Return how a tree is now."""
    run = run_tests(root, checks) if checks.test_command else None
    gate = _run(root, checks, checks.gate) if checks.gate else None
    return State(run, broken_imports(root, checks), gate)


def judge(root: Path, checks: Checks, before: State, after: State) -> Verdict:
    """Compare how a tree is with how it was; what newly fails is run once more."""
    difference = Difference()
    if before.run is not None and after.run is not None:
        difference = compare(before.run, after.run)
        if difference.newly_failing:
            again = run_tests(root, checks)
            difference = compare(before.run, after.run, again)
    gate = ""
    if before.is_open and not after.is_open:
        again = _run(root, checks, checks.gate)
        gate = shut(again) if again.status != 0 else ""
    return Verdict(difference, newly_broken(before, after), gate)


def run_gate(root: Path, checks: Checks) -> None:
    """Run the gate on a tree that was not changed yet.

    Raises:
        RepairError: It is shut: that is the first finding.
    """
    if checks.gate:
        require_open(_run(root, checks, checks.gate))


def require_open(gate: Run) -> None:
    """Refuse to go on behind a gate that lets nothing pass.

    Raises:
        RepairError: It does not.
    """
    if gate.status != 0:
        raise RepairError(
            f"nothing was changed, and {shut(gate)}; mend that first: what does "
            "not work before cannot be called preserved"
        )


def shut(gate: Run) -> str:
    """Return what to say of a gate that lets nothing pass."""
    how = (
        f"does not end within {gate.seconds:.0f} seconds"
        if gate.status is None
        else f"ends with status {gate.status}"
    )
    last = gate.ending.splitlines()[-1:]
    return f"the gate {how}" + (f": {last[0]}" if last else "")


def run_tests(root: Path, checks: Checks) -> Run:
    """Run the tests of a tree.

    Whatever runs pytest below writes down the outcome of each test.
    """
    return _run(root, checks, checks.test_command)


def _run(root: Path, checks: Checks, command: str) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        added = f"--junit-xml={report} -p no:cacheprovider"
        options = f"{checks.variables.get('PYTEST_ADDOPTS', '')} {added}".strip()
        began = time.monotonic()
        with (Path(folder) / "output").open("w+b") as output:
            process = subprocess.Popen(  # noqa: S602 - the user's own command
                command,
                shell=True,
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_variables(checks, PYTEST_ADDOPTS=options),
                start_new_session=True,
            )
            status: int | None
            try:
                status = process.wait(checks.timeout)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                _end(process)
            output.seek(0)
            lines = output.read().decode("utf-8", "replace").splitlines()
        seconds = time.monotonic() - began
        tests = read_report(report.read_bytes()) if report.exists() else {}
    return Run(status, seconds, tests, "\n".join(lines[-_ENDING:]))


def broken_imports(root: Path, checks: Checks) -> dict[str, str]:
    """Return why modules cannot be imported, each in a process of its own."""
    workers = os.cpu_count() or 1
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        names = [n for n in checks.modules if n.rpartition(".")[2] not in _PROGRAMS]
        said = pool.map(lambda name: _import(root, checks, name), names)
        return {name: why for name, why in zip(names, said, strict=True) if why}


def _import(root: Path, checks: Checks, name: str) -> str:
    places = [str((root / place).resolve()) for place in (*checks.source_roots, ".")]
    process = subprocess.Popen(  # noqa: S603 - a module's name, of the tree itself
        (checks.python, "-c", f"import {name}"),
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_variables(checks, PYTHONPATH=os.pathsep.join(places)),
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=checks.timeout)
    except subprocess.TimeoutExpired:
        return f"it was not imported within {checks.timeout:.0f} seconds"
    finally:
        _end(process)
    if not process.returncode:
        return ""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"it ends with status {process.returncode}"


def uncompilable(contents: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return why files do not compile, by path."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes and the like, in their code
        for path, content in contents:
            try:
                compile(content, path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                found[path] = str(error)
    return found


def newly_broken(before: State, after: State) -> dict[str, str]:
    """Return the modules that could be imported before and cannot now."""
    return {
        name: why for name, why in after.broken.items() if name not in before.broken
    }


def _variables(checks: Checks, **more: str) -> dict[str, str]:
    # Nothing may be left beside the files that are compared.
    return {**checks.variables, "PYTHONDONTWRITEBYTECODE": "1", **more}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and whatever it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
