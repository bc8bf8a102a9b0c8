"""From a tree and its concepts to a report."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from goldenpath.guard._cache import Cache
from goldenpath.guard._config import Concept, Configuration, Waiver
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._files import Listing, Skipped, require_folder
from goldenpath.guard._findings import Finding
from goldenpath.guard._project import Project
from goldenpath.guard._view import View
from goldenpath.guard._waivers import EXPIRED, Waived, needless, sort_out
from goldenpath.guard.rules._list import RULES


class Scan(msgspec.Struct):
    """What a scan found.

    Attributes:
        root: The tree.
        project: Its files.
        views: One for each concept.
        findings: By place.
        waived: What somebody answers for, and does not count.
        needless: Waivers that waive nothing.
        timings: Seconds by step.
    """

    root: Path
    project: Project
    views: list[View]
    findings: list[Finding]
    waived: list[Waived]
    needless: list[Waiver]
    timings: dict[str, float]

    @property
    def skipped(self) -> list[Skipped]:
        """What was not read, and why."""
        return self.project.skipped


def scan(
    root: Path,
    concepts: Sequence[Concept],
    configuration: Configuration,
    *,
    cache: Path | Cache | None = None,
    processes: int | None = None,
    listing: Listing | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Scan:
    """Look at a tree under every rule.

    Args:
        root: The tree.
        concepts: What is looked for.
        configuration: What is left out, and what counts as a test.
        cache: What remembers facts between runs, or its file; None for nothing.
        processes: How many read at once; None for one per processor.
        listing: The tree's files, if somebody has looked already.
        progress: Called with how many files were read, of how many.

    Raises:
        ConfigurationError: A concept makes no sense in this tree.
        TreeError: The tree cannot be read.
    """
    _require_distinct(concepts)
    _require_rules(configuration.ignore, "to ignore")
    for concept in concepts:
        for waiver in concept.waiver:
            _require_rules(waiver.codes, "to waive")
            if EXPIRED in waiver.codes:
                raise ConfigurationError(f"{EXPIRED} cannot be waived itself")
    require_folder(root)  # before a cache is made in it
    timings: dict[str, float] = {}
    began = time.perf_counter()
    project = Project(
        root,
        exclude=configuration.exclude,
        source_roots=configuration.source_roots,
        cache=cache if isinstance(cache, Cache) else Cache(cache),
        processes=processes,
        listing=listing,
    )
    timings["files"] = time.perf_counter() - began
    views = []
    findings: list[Finding] = []
    waived: list[Waived] = []
    unused: list[Waiver] = []
    for concept in concepts:
        began = time.perf_counter()
        view = View(project, concept, configuration, progress=progress)
        views.append(view)
        timings["search"] = timings.get("search", 0.0) + time.perf_counter() - began
        began = time.perf_counter()
        counting, theirs = sort_out(_found(view), view)
        findings += counting
        waived += theirs
        unused += needless(concept, configuration, theirs)
        timings["rules"] = timings.get("rules", 0.0) + time.perf_counter() - began
    findings.sort(key=lambda finding: finding.order)
    return Scan(root, project, views, findings, waived, unused, timings)


def findings_of(view: View) -> list[Finding]:
    """Return what every rule that is not ignored finds, and nobody waives."""
    return sort_out(_found(view), view)[0]


def _found(view: View) -> list[Finding]:
    return [
        finding
        for rule in RULES
        if rule.code not in view.configuration.ignore
        for finding in rule.find(view)
    ]


def _require_rules(codes: Sequence[str], purpose: str) -> None:
    """Refuse to name what does not exist: it would be a typing error.

    Raises:
        ConfigurationError: There is no such rule.
    """
    known = [rule.code for rule in RULES]
    for code in codes:
        if code not in known:
            raise ConfigurationError(
                f"there is no rule {code!r} {purpose}; there are {', '.join(known)}"
            )


def _require_distinct(concepts: Sequence[Concept]) -> None:
    """Refuse two concepts with one home, and two homes with one name.

    Raises:
        ConfigurationError: There are such.
    """
    by_home: dict[str, str] = {}
    names: set[str] = set()
    for concept in concepts:
        if concept.home in by_home:
            raise ConfigurationError(
                f"the concepts {by_home[concept.home]!r} and {concept.name!r} "
                f"have one home, {concept.home}"
            )
        if concept.name in names:
            raise ConfigurationError(f"two concepts are called {concept.name!r}")
        by_home[concept.home] = concept.name
        names.add(concept.name)
