"""Break the one home of a class in real packages, and repair it: `repair_packages.py`.

Source distributions are downloaded from the package index. In each, a class gets a
shim, an alias and a second face, and its importers are moved to these in turn, in the
package and in its tests. Then `goldenpath guard remediate` has to bring back a tree
whose own tests say what they said at first.

Of the packages only their tests are run, with what is installed here.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import itertools
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from real_packages import downloaded

from goldenpath.guard._project import Project
from goldenpath.guard.repair._imports import Target, moved
from goldenpath.guard.repair._outcomes import compare
from goldenpath.guard.repair._source import Source
from goldenpath.guard.repair._verify import Checks, run_tests

_RULES = ("GP102", "GP103", "GP104", "GP108")


@dataclasses.dataclass(frozen=True, slots=True)
class Package:
    """A package, and what is broken in it.

    Attributes:
        home: Of the class.
        sources: The folder from which it is imported.
        tests: The folder of its tests.
    """

    home: str
    sources: str
    tests: str

    @property
    def name(self) -> str:
        """The package's own name."""
        return self.home.partition(".")[0]

    @property
    def class_(self) -> str:
        """The class's name."""
        return self.home.partition(":")[2]


PACKAGES = {
    "h11==0.16.0": Package("h11._connection:Connection", "", "h11/tests"),
    "click==8.5.1": Package("click.core:Command", "src", "tests"),
    "pluggy==1.7.0": Package("pluggy._manager:PluginManager", "src", "testing"),
}


def main(arguments: list[str]) -> int:
    """Break and repair what is asked for; 1 if anything is not as it was."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("only", nargs="*", help="names of packages")
    chosen = parser.parse_args(arguments)
    status = 0
    for requirement, package in PACKAGES.items():
        if chosen.only and package.name not in chosen.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            root = downloaded(requirement, Path(folder))
            status |= _try(requirement, package, root)
    return status


def _try(requirement: str, package: Package, root: Path) -> int:
    command = shlex.join((sys.executable, "-m", "pytest", "-q", package.tests))
    checks = Checks(
        test_command=command,
        variables={**os.environ, "PYTHONPATH": str(root / package.sources)},
    )
    _write_down(package, root)
    first = run_tests(root, checks)
    start = _findings(root)
    count = _break(package, root)
    broken = run_tests(root, checks)
    _git(root, "init", "--quiet")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message=broken")
    before = _findings(root)
    began = time.monotonic()
    done = subprocess.run(
        (
            *(sys.executable, "-m", "goldenpath", "guard", "remediate", "."),
            *("--tests", package.tests, "--test-command", command),
        ),
        cwd=root,
        env=dict(checks.variables),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    print(f"{requirement}: {len(first.tests)} tests, {count} imports moved away")
    print("  " + "\n  ".join((done.stdout + done.stderr).splitlines()))
    last = run_tests(root, checks)
    after = _findings(root)
    worse = compare(first, last)
    counts = f"{start} at first, {before} broken, {after} repaired"
    print(f"  findings of {', '.join(_RULES)}: {counts}; {seconds:.0f} s")
    is_sound = not compare(first, broken).is_worse
    is_whole = is_sound and not worse.is_worse and after <= start
    print(f"  {'as it was' if is_whole else f'not as it was: {worse}'}")
    return int(not is_whole)


def _write_down(package: Package, root: Path) -> None:
    """Say what the concept is."""
    with (root / "pyproject.toml").open("a") as settings:
        settings.write(
            f'\n[[tool.goldenpath.guard.concept]]\nname = "{package.class_.lower()}"\n'
            f'home = "{package.home}"\ndoor = "{package.name}:{package.class_}"\n'
        )


def _break(package: Package, root: Path) -> int:
    """Give a class two shims, an alias and a face, and its importers new places."""
    module, class_ = package.home.split(":")
    folder = root / package.sources / package.name
    inner = module.removeprefix(f"{package.name}.")
    old = f"Old{class_}"
    shim = f"from .{inner} import {class_}\n\n__all__ = [{class_!r}]\n"
    (folder / "legacy_home.py").write_text(f'"""The old place."""\n\n{shim}')
    (folder / "compat_names.py").write_text(
        f"from {package.name}.legacy_home import {class_}\n\n{old} = {class_}\n"
    )
    (folder / "faces").mkdir()
    (folder / "faces" / "__init__.py").write_text(
        f"from ..{inner} import {class_} as {class_}\n\n__all__ = [{class_!r}]\n"
    )
    places = itertools.cycle(
        Target(f"{package.name}.{name}", what)
        for name, what in (
            ("legacy_home", class_),
            ("compat_names", old),
            ("faces", class_),
        )
    )
    ours = {"legacy_home.py", "compat_names.py"}
    count = 0
    project = Project(root)
    for path in sorted(project.files):
        is_face = path.endswith("/__init__.py")
        if is_face or path.rpartition("/")[2] in ours:
            continue
        source = Source(project.content(path))
        edits = []
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.ImportFrom):
                continue
            taken = project.modules.absolute(path, node.module or "", node.level)
            names = [one for one in node.names if one.name == class_]
            if names and taken in (module, package.name):
                edits += moved(source, node, {names[0]: next(places)})
                count += 1
        if edits:
            (root / path).write_bytes(source.edited(edits))
    return count


def _findings(root: Path) -> int:
    done = subprocess.run(
        (sys.executable, "-m", "goldenpath", "guard", "scan", ".", "--format", "json"),
        cwd=root,
        capture_output=True,
        check=False,
    )
    found = json.loads(done.stdout)["findings"]
    return sum(one["code"] in _RULES for one in found)


def _git(root: Path, *arguments: str) -> None:
    names = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com")
    subprocess.run(("git", *names, *arguments), cwd=root, check=True)
    if arguments[0] == "init":
        for key in ("user.name", "user.email"):
            subprocess.run(("git", "config", key, "nobody"), cwd=root, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
