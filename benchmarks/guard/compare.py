"""Time the guard beside other tools on one tree: `python compare.py DIR [--write]`.

DIR was made by generate.py. Every tool runs in a process of its own, one after the
other, on the same files. CPU seconds are those of the process and all that it started,
so that other work on the machine changes them little; memory is that of the largest
process. Ratios are of CPU seconds, to `ruff check --no-cache`.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "reference" / "guard-speed.md"
PACKAGE = "platform_app"
BIN = Path(sys.executable).parent
BASE = "ruff check"
# These tell by a status of 1 that they found something.
FINDS = re.compile("ruff check|guard scan|import-linter|pylint")

GRIMP = """
import sys, grimp
grimp.build_graph(sys.argv[1], cache_dir=sys.argv[2] if len(sys.argv) > 2 else None)
"""
CONTRACT = f"""
[importlinter]
root_package = {PACKAGE}

[importlinter:contract:one]
name = the home imports no service
type = forbidden
source_modules = {PACKAGE}.websocket
forbidden_modules = {PACKAGE}.legacy
"""


@dataclasses.dataclass(frozen=True)
class Figures:
    """What one run of a tool took.

    Attributes:
        name: The tool and how it ran.
        does: What it looks at.
        wall: Seconds that passed.
        cpu: Seconds of all its processes.
        memory: Megabytes of its largest process.
        is_ended: It was stopped at the time limit.
    """

    name: str
    does: str
    wall: float
    cpu: float
    memory: float
    is_ended: bool = False


def main(arguments: list[str]) -> int:
    """Run everything, print a table, and write the page if that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for a tool")
    asked = parser.parse_args(arguments)
    if not (asked.folder / "answers.json").exists():
        print(f"{asked.folder} was not made by generate.py", file=sys.stderr)
        return 2
    found = []
    for figures in _run_all(asked.folder.resolve(), asked.limit):
        found.append(figures)
        print(f"{figures.name}: {figures.cpu:.1f} s of CPU", file=sys.stderr)
    table = _table(found)
    print(table)
    if asked.write:
        PAGE.write_text(_page(asked.folder, table), "utf-8")
    return 0


def _run_all(folder: Path, limit: float) -> Iterator[Figures]:
    guard = [str(BIN / "goldenpath"), "guard"]
    ruff = str(BIN / "ruff")

    def run(name: str, does: str, *command: str, config: str = "") -> Figures:
        with tempfile.TemporaryDirectory() as temporary:
            if config:
                (Path(temporary) / ".importlinter").write_text(config)
                command = (*command, "--config", f"{temporary}/.importlinter")
            return _measure(name, does, command, folder, limit)

    everything = "all files"
    yield run(BASE, everything, ruff, "check", "--no-cache", "--quiet", ".")
    yield run("ruff analyze graph", "imports", ruff, "analyze", "graph", ".")
    cache = folder / ".goldenpath-cache"
    shutil.rmtree(cache, ignore_errors=True)
    concept = "one concept, every rule"
    yield run("guard scan, the first time", concept, *guard, "scan", ".")
    yield run("guard scan, nothing changed", concept, *guard, "scan", ".")
    with _changed(folder):
        yield run("guard scan, one file changed", concept, *guard, "scan", ".")
    shutil.rmtree(cache, ignore_errors=True)
    yield run("guard discover, the first time", everything, *guard, "discover", ".")
    yield run("guard discover, nothing changed", everything, *guard, "discover", ".")
    with tempfile.TemporaryDirectory() as temporary:
        command = (sys.executable, "-c", GRIMP, PACKAGE, temporary)
        yield run("grimp, the first time", f"imports of {PACKAGE}", *command)
        yield run("grimp, nothing changed", f"imports of {PACKAGE}", *command)
    linter = (str(BIN / "lint-imports"), "--no-cache")
    yield run("import-linter", "one contract", *linter, config=CONTRACT)
    if importlib.util.find_spec("pylint") is not None:
        command = (sys.executable, "-m", "pylint", "--disable=all", "--jobs=1")
        command += ("--enable=duplicate-code", "--score=n", PACKAGE)
        yield run("pylint duplicate-code", f"alike lines of {PACKAGE}", *command)


class _changed:  # noqa: N801 - it reads as a word in a with statement
    """One file of the tree has another content, for a while."""

    def __init__(self, folder: Path) -> None:
        self._file = max((folder / PACKAGE).rglob("*.py"))

    def __enter__(self) -> None:
        self._content = self._file.read_bytes()
        self._file.write_bytes(self._content + b"\nCHANGED = True\n")

    def __exit__(self, *_: object) -> None:
        self._file.write_bytes(self._content)


def _measure(
    name: str, does: str, command: tuple[str, ...], folder: Path, limit: float
) -> Figures:
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), *_given()))},
        start_new_session=True,  # so that it ends with all that it started
    )
    ended = threading.Event()

    def stop() -> None:
        ended.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit, stop)
    timer.start()
    _pid, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    fine = (0, 1) if FINDS.search(name) else (0,)
    if name.startswith("pylint"):
        fine = tuple(range(32))  # its bits say what kind of messages there were
    if process.returncode not in fine and not ended.is_set():
        raise SystemExit(f"{name} ended with {process.returncode}: {command}")
    return Figures(
        name,
        does,
        time.perf_counter() - began,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        ended.is_set(),
    )


def _given() -> list[str]:
    return list(filter(None, [os.environ.get("PYTHONPATH", "")]))


def _table(found: list[Figures]) -> str:
    base = next(one.cpu for one in found if one.name == BASE)
    rows = [
        "| tool | looks at | CPU seconds | to ruff check | seconds | MB |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for one in found:
        more = "more than " if one.is_ended else ""
        rows.append(
            f"| {one.name} | {one.does} | {more}{one.cpu:.1f} | "
            f"{more}{one.cpu / base:.2f} | {one.wall:.1f} | {one.memory:.0f} |"
        )
    return "\n".join(rows) + "\n"


def _page(folder: Path, table: str) -> str:
    paths = list(folder.rglob("*.py"))
    lines = sum(path.read_bytes().count(b"\n") for path in paths)
    return f"""<!-- Written by `python benchmarks/guard/compare.py DIR --write`. -->

# How fast the guard is

All tools ran one after the other on one generated tree of {len(paths):,} files and \
{lines:,} lines, on {os.cpu_count()} processors, with Python \
{platform.python_version()}.
The machine was not idle: compare CPU seconds, and ratios rather than seconds.

{table}
The guard is written in Python, and a first scan costs two thirds of a whole run of a
linter written in Rust.
It answers other questions than the tools beside it, which is why they are listed with
what they look at.
A second scan of a tree in which nothing has changed recalls its report.

To measure it yourself:

```text
python benchmarks/guard/generate.py /tmp/tree
python benchmarks/guard/compare.py /tmp/tree
```
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
