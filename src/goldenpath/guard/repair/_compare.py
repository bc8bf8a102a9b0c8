"""Compares a tree with what it was: what compiles, is imported, tested and found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._findings import Finding
from goldenpath.guard._project import Project
from goldenpath.guard._scan import Scan, scan
from goldenpath.guard.repair._phases import count
from goldenpath.guard.repair._verify import (
    Checks,
    State,
    Verdict,
    judge,
    shut,
    state_of,
    uncompilable,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Sides:
    """Two trees.

    Attributes:
        before: As it was.
        after: As it is.
    """

    before: Path
    after: Path


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """How a tree differs from what it was.

    Attributes:
        concept: The concept's name.
        changed: How many files changed.
        modules: How many of them were imported.
        before: Findings by code, as it was.
        after: And as it is.
        appeared: Findings that were not there before.
        broken: Files that do not compile and did, and why.
        verdict: Of imports, tests and the gate.
        states: How both were.
        preserved: Why nothing can be called preserved; ``""`` if it can.
    """

    concept: str
    changed: int
    modules: int
    before: dict[str, int]
    after: dict[str, int]
    appeared: tuple[Finding, ...]
    broken: dict[str, str]
    verdict: Verdict
    states: tuple[State, State]
    preserved: str

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse, or cannot be told."""
        return bool(
            self.appeared or self.broken or self.verdict.is_worse or self.preserved
        )


def compare_trees(
    sides: Sides,
    concept: Concept,
    configuration: Configuration,
    changed: Sequence[str],
    checks: Checks,
    *,
    smoke: bool,
    say: Callable[[str], None] = lambda _what: None,
) -> Comparison:
    """Scan, compile, import and test a tree, and what it was.

    Args:
        sides: The two.
        concept: Which findings are compared.
        configuration: Of the tree as it is.
        changed: The files that differ.
        checks: What is run on both.
        smoke: Whether changed modules are imported.
        say: Told what is being done.
    """
    say("scanning both")
    was = _found(sides.before, concept, configuration)
    now = scan(sides.after, [concept], configuration)
    known = {one.fingerprint for one in was.findings} if was else set()
    contents = {one: now.project.content(one) for one in now.project.files}
    bad = uncompilable(contents.items())
    if bad:
        old = _project(sides.before, configuration)
        there = [one for one in bad if one in old.files]
        bad_before = uncompilable((one, old.content(one)) for one in there)
        bad = {path: why for path, why in bad.items() if path not in bad_before}
    modules = tuple(_modules(now, changed)) if smoke else ()
    checks = dataclasses.replace(checks, modules=modules)
    say("running the checks on what it was")
    before = state_of(sides.before, checks)
    say("running the checks on what it is")
    after = state_of(sides.after, checks)
    closed = before.gate is not None and not before.is_open
    return Comparison(
        concept=concept.name,
        changed=len(changed),
        modules=len(modules),
        before=count(was.findings) if was else {},
        after=count(now.findings),
        appeared=tuple(one for one in now.findings if one.fingerprint not in known),
        broken=bad,
        verdict=judge(sides.after, checks, before, after),
        states=(before, after),
        preserved=shut(before.gate) if closed and before.gate is not None else "",
    )


def _project(root: Path, configuration: Configuration) -> Project:
    return Project(
        root, exclude=configuration.exclude, source_roots=configuration.source_roots
    )


def findings_of_commit(
    root: Path, concept: Concept, configuration: Configuration
) -> dict[str, int]:
    """Return the findings by code in a tree; none if the concept had no home there."""
    found = _found(root, concept, configuration)
    return count(found.findings) if found else {}


def _found(root: Path, concept: Concept, configuration: Configuration) -> Scan | None:
    """Scan what a tree was; None if the concept had no home there."""
    try:
        return scan(root, [concept], configuration)
    except ConfigurationError:
        return None


def _modules(found: Scan, changed: Sequence[str]) -> list[str]:
    (view,) = found.views
    names = found.project.modules
    return sorted(
        name
        for path in changed
        if path in found.project.files
        and not view.is_test(path)
        and (name := names.name_of(path))
    )
