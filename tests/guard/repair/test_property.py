"""Packages drawn from a seed: after a repair everything imports and does the same.

`GOLDENPATH_SEED=1234 pytest tests/guard/repair/test_property.py` draws others. A seed
that fails is named, and `GOLDENPATH_SEED=<it>` draws it first.
"""

import ast
import json
import os
import random
import subprocess
import sys

import pytest

from goldenpath.guard._project import Project
from goldenpath.guard.repair._phases import plan
from tests.guard.trees import view_of

FIRST = int(os.environ.get("GOLDENPATH_SEED", "1"))
SEEDS = 300

HOME = '''\
"""Keeps who is there."""


class Manager:
    def __init__(self, limit=3):
        self.limit = limit
        self._members = {}

    def send(self, text):
        return f"{self.limit} {text}"

    @classmethod
    def kind(cls):
        return cls.__name__.lower()


class Other:
    pass


def helper():
    return Manager().limit
'''
# Runs every module's main, and says what came of it.
DRIVER = """
import importlib, json, sys

found = {}
for name in sys.stdin.read().split():
    try:
        module = importlib.import_module(name)
        main = getattr(module, "main", None)
        found[name] = repr(main()) if main is not None else "imported"
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
json.dump(found, sys.stdout)
"""


class Draw:
    """One package: its files by path."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.name = f"package{seed}"
        self.home = f"{self.name}.core.manager"
        self.files = {f"{self.name}/core/manager.py": HOME}
        #: Modules that offer the home: under which name, and what else they have.
        self.offers = [(self.home, "Manager", ("Other", "helper"))]
        self.face("", "core/__init__.py")
        self.face("", "__init__.py")
        for number in range(self.random.randrange(1, 5)):
            self.shim(number)
        for number in range(self.random.randrange(2, 7)):
            self.consumer(number)
        self.test()

    def chance(self, share=0.5):
        return self.random.random() < share

    def add(self, path, *lines):
        self.files[f"{self.name}/{path}"] = "\n".join(lines) + "\n"

    def face(self, _, path):
        module = self.name + (".core" if path.startswith("core") else "")
        if self.chance():
            self.add(path, '"""Nothing is here."""')
            return
        dots = ".manager" if path.startswith("core") else ".core.manager"
        names = ["Manager"]
        others = ("Other",) if self.chance() else ()
        imported = ", ".join((*names, *others))
        lines = [f"from {dots} import {imported}"]
        if self.chance(0.7):
            listed = ", ".join(f'"{name}"' for name in (*names, *others))
            lines += ["", f"__all__ = [{listed}]"]
        self.add(path, *lines)
        self.offers.append((module, "Manager", others))

    def shim(self, number):
        name = f"old{number}"
        module = f"{self.name}.{name}"
        source, given, others = self.random.choice(self.offers)
        kind = self.random.choice(
            ("from", "from", "as", "alias", "star", "lazy", "table", "self", "own")
        )
        offered = given
        extra = others[:1] if others and self.chance() else ()
        clause = ", ".join((given, *extra))
        written = source if self.chance() else "." + source[len(self.name) + 1 :]
        match kind:
            case "from":
                lines = [f"from {written} import {clause}"]
                if self.chance():
                    lines.append(f"__all__ = [{given!r}]")
            case "as":
                offered = f"Hub{number}"
                lines = [f"from {written} import {given} as {offered}"]
                extra = ()
            case "alias":
                offered = f"Hub{number}"
                lines = [f"from {written} import {clause}", f"{offered} = {given}"]
            # A star brings nothing of what a module makes when it is asked for.
            case "star" if not self.is_lazy(source):
                lines = [f"from {source} import *"]
                extra = ()
            case "lazy":
                lines = [
                    "def __getattr__(name):",
                    f"    if name == {given!r}:",
                    f"        from {source} import {given}",
                    "",
                    f"        return {given}",
                    "    raise AttributeError(name)",
                ]
                extra = ()
            case "table":
                lines = [
                    "import importlib",
                    "",
                    f"_LAZY = {{{given!r}: {source!r}}}",
                    "",
                    "",
                    "def __getattr__(name):",
                    "    if name in _LAZY:",
                    "        module = importlib.import_module(_LAZY[name])",
                    "        return getattr(module, name)",
                    "    raise AttributeError(name)",
                ]
                extra = ()
            case "self":
                lines = [f"from {written} import {clause}", f"{given} = {given}"]
            case _:
                lines = [
                    f"from {written} import {clause}",
                    "",
                    "",
                    "def own():",
                    f"    return {given}().limit",
                ]
        self.add(f"{name}.py", '"""The old place."""', "", *lines)
        self.offers.append((module, offered, extra))

    def consumer(self, number):
        source, given, others = self.random.choice(self.offers)
        kind = self.random.choice(
            (
                "from", "as", "relative", "mixed", "lines", "star", "inside", "typing",
                "import", "import as", "from module", "string", "guarded", "one line",
            )
        )  # fmt: skip
        local, before, inside = given, [], []
        package, _, last = source.rpartition(".")
        others = ", ".join(others)
        match kind:
            case "as":
                local = "Taken"
                before = [f"from {source} import {given} as Taken  # kept"]
            case "relative" if source != self.name:
                before = [f"from .{source[len(self.name) + 1 :]} import {given}"]
            case "mixed" if others:
                before = [f"from {source} import {others}, {given}"]
            case "lines" if others:
                before = [
                    f"from {source} import (",
                    f"    {given},  # the first",
                    f"    {others},",
                    ")",
                ]
            case "star" if not self.is_lazy(source):
                before = [f"from {source} import *"]
            case "inside":
                inside = [f"    from {source} import {given}", ""]
            case "typing":
                before = [
                    "from typing import TYPE_CHECKING",
                    "",
                    "if TYPE_CHECKING:",
                    f"    from {source} import {given} as Typed",
                    f"from {source} import {given}",
                ]
            case "import":
                local, before = f"{source}.{given}", [f"import {source}"]
            case "import as":
                local, before = f"where.{given}", [f"import {source} as where"]
            case "from module" if package:
                local, before = f"{last}.{given}", [f"from {package} import {last}"]
            case "string":
                before = ["import pkgutil"]
                local = "found"
                inside = [f'    found = pkgutil.resolve_name("{source}.{given}")']
            case "guarded":
                before = [
                    "try:",
                    f"    from {source} import {given}",
                    "except ImportError:",
                    f"    {given} = None",
                ]
            case "one line":
                before = [f"import os; from {source} import {given}; SEP = os.sep"]
            case _:
                before = [f"from {source} import {given}"]
        self.add(
            f"use{number}.py",
            *before,
            "",
            "",
            "def main():",
            *inside,
            f'    made = {local}(limit={number}).send("naïve")',
            f"    return made, {local}.kind(), {local}.__module__",
        )

    def is_lazy(self, source):
        path = source.replace(".", "/") + ".py"
        return "__getattr__" in self.files.get(path, "")

    def test(self):
        source, given, _ = self.random.choice(self.offers)
        self.files[f"tests/test_{self.name}.py"] = (
            f"from unittest import mock\n\n"
            f"from {source} import {given}\n\n\n"
            "def main():\n"
            f'    with mock.patch("{source}.{given}.send", lambda self, text: text):\n'
            f'        return {given}().send("patched")\n'
        )

    def modules(self, files):
        names = []
        for path in sorted(files):
            parts = path.removesuffix(".py").split("/")
            names.append(".".join(part for part in parts if part != "__init__"))
        return names


def write(root, files):
    for path, content in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())


def run(root, names):
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input="\n".join(names),
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def repaired(root, draw, findings):
    """Return the files of a package after its repair."""
    project = Project(root, processes=1)
    home = f"{draw.home}:Manager"
    repair = plan(view_of(project, home))
    contents = {}
    for phase in repair.phases:
        for change in phase.changes:
            contents[change.path] = change.after
    again = plan(view_of(project.changed(contents), home))
    assert again.phases == (), "the second repair has something to do"
    for code in ("GP102", "GP103", "GP104", "GP108"):
        assert repair.after.get(code, 0) <= repair.before.get(code, 0)
        findings[code, "before"] = findings.get((code, "before"), 0) + (
            repair.before.get(code, 0)
        )
        findings[code, "after"] = findings.get((code, "after"), 0) + (
            repair.after.get(code, 0)
        )
    files = {path: content.encode() for path, content in draw.files.items()}
    files |= {path: content for path, content in contents.items() if content}
    for path, content in contents.items():
        if content is None:
            del files[path]
        else:
            assert definitions(content) >= definitions(draw.files[path].encode())
    return files


def definitions(content):
    """Return what a file defines, which no repair may change but for names in it."""
    return {
        node.name
        for node in ast.walk(ast.parse(content))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


@pytest.mark.timeout(300)
def test_after_a_repair_everything_imports_and_does_what_it_did(tmp_path):
    draws = {seed: Draw(seed) for seed in range(FIRST, FIRST + SEEDS)}
    names, kept, findings = [], [], {}
    for seed, draw in draws.items():
        root = tmp_path / "single" / str(seed)
        write(root, draw.files)
        write(tmp_path / "before", draw.files)
        names += draw.modules(draw.files)
        try:
            files = repaired(root, draw, findings)
        except AssertionError as error:
            pytest.fail(f"seed {seed}: {error}")
        write(tmp_path / "after", files)
        kept += draw.modules(files)

    before = run(tmp_path / "before", names)
    after = run(tmp_path / "after", kept)

    broken = {name: said for name, said in before.items() if "Error" in said}
    assert broken == {}, "the packages are not sound to begin with"
    different = [name for name in kept if after[name] != before[name]]
    assert [(name, before[name], after[name]) for name in different] == []
    gone = set(names) - set(kept)
    assert all(name.rpartition(".")[2].startswith("old") for name in gone)
    # It must have had something to do.
    assert len(gone) > SEEDS / 10
    assert findings["GP102", "after"] < findings["GP102", "before"] / 5
    assert findings["GP103", "after"] < findings["GP103", "before"] / 5
