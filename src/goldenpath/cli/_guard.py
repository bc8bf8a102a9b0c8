"""``goldenpath guard``: one concept, one home, and whoever departs from it."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from goldenpath.guard import _baseline
from goldenpath.guard._cache import Cache
from goldenpath.guard._config import Concept, Configuration, concept_of, load
from goldenpath.guard._discover import discover as discover_concepts
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._files import Listing, list_files, require_folder
from goldenpath.guard._memory import Remembered, key_of
from goldenpath.guard._project import Project
from goldenpath.guard._scan import Scan
from goldenpath.guard._scan import scan as scan_tree
from goldenpath.guard._words import number
from goldenpath.guard.reports._formats import write
from goldenpath.guard.reports._proposals import write_proposals
from goldenpath.guard.rules._list import RULES

Format = Literal["text", "json", "sarif", "github", "html"]
CACHE = Path(".goldenpath-cache") / "facts.db"


@cyclopts.Parameter(name="*")
@dataclasses.dataclass(frozen=True, kw_only=True)
class What:
    """Which concepts to look at, in which tree.

    Attributes:
        concept: Only the concept of this name from pyproject.toml.
        home: The home, package.module:Class, of a concept that is written down
            nowhere.
        words: What it is also called, with commas: "websocket manager, ws hub".
        factory: The way to get one, package.module:function.
        jobs: How many files are read at once; 0 for as many as there are processors.
        cache: Remember what was read, in .goldenpath-cache of the tree.
    """

    concept: str = ""
    home: str = ""
    words: str = ""
    factory: str = ""
    jobs: int = 0
    cache: bool = True


DEFAULT = What()


def scan(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    format_: Annotated[Format, cyclopts.Parameter(name="--format")] = "text",
    output: Path | None = None,
    baseline: Annotated[Path | None, cyclopts.Parameter(negative="")] = None,
) -> int:
    """Find rivals, second paths, aliases, circles and broken calls of a concept.

    Args:
        path: The tree.
        what: Which concepts.
        format_: text, json, sarif, github or html.
        output: File to write to, instead of standard output.
        baseline: File of accepted findings; the one of the configuration is used if
            it exists.
    """
    configuration = load(path)
    concepts = concepts_of(path, what, configuration)
    accepted = _accepted_file(path, baseline, configuration)
    listing = list_files(path, exclude=configuration.exclude)
    cache = Cache(path / CACHE if what.cache else None)
    key = key_of(path, listing, concepts, configuration, format_, _content(accepted))
    report = cache.recall(key)
    if report is None:
        found = scan_for(path, what, configuration, cache=cache, listing=listing)
        remark = _accept(accepted, found)
        report = Remembered(write(found, format_), 1 if found.findings else 0, remark)
        if found.project.is_readable:
            cache.remember(key, report)
    if output is None:
        sys.stdout.write(report.text)
    else:
        try:
            output.write_text(report.text, "utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"{str(output)!r} cannot be written: {error.strerror}"
            ) from error
    if report.remark:
        print(report.remark, file=sys.stderr)
    return report.status


def baseline(
    path: Path = Path(),
    /,
    *,
    what: What = DEFAULT,
    shrink: Annotated[bool, cyclopts.Parameter(negative="")] = False,
) -> int:
    """Accept what is found now; from then on only new findings count.

    Args:
        path: The tree.
        what: Which concepts.
        shrink: Take out what is gone, and accept nothing new: for CI.
    """
    configuration = load(path)
    found = scan_for(path, what, configuration)
    file = path / configuration.baseline
    findings, new = found.findings, 0
    if shrink:
        fresh, _, _ = _baseline.apply(findings, _baseline.load(file))
        new = len(fresh)
        findings = [one for one in findings if one not in fresh]
    count = _baseline.save(file, findings)
    print(f"{number(count, 'finding is', 'findings are')} accepted in {file}")
    if new:
        print(
            f"{number(new, 'is', 'are')} new, and not accepted: "
            "`goldenpath guard scan` lists them"
        )
    return 1 if new else 0


def discover(
    path: Path = Path(),
    /,
    *,
    most: int = 20,
    jobs: int = 0,
    cache: bool = True,
    format_: Annotated[
        Literal["text", "toml", "json"], cyclopts.Parameter(name="--format")
    ] = "text",
) -> int:
    """Propose concepts for a tree that has none written down; reads all of it.

    Args:
        path: The tree.
        most: How many proposals at most.
        jobs: How many files are read at once; 0 for as many as there are processors.
        cache: Remember what was read, in .goldenpath-cache of the tree.
        format_: text; toml, to be pasted into pyproject.toml; or json.
    """
    configuration = load(path)
    require_folder(path)
    project = Project(
        path,
        exclude=configuration.exclude,
        source_roots=configuration.source_roots,
        cache=Cache(path / CACHE if cache else None),
        processes=jobs or None,
    )
    with show_reading() as progress:
        found = discover_concepts(project, configuration, most=most, progress=progress)
    sys.stdout.write(write_proposals(found, format_))
    read = number(len(project.files), "file")
    print(f"{number(len(found), 'concept')} proposed from {read}", file=sys.stderr)
    return 0


def explain(code: str, /) -> int:
    """Say what a rule finds, why it matters, and what to do.

    Args:
        code: Such as GP101.
    """
    for rule in RULES:
        if rule.code == code.upper():
            print(f"{rule.code}: {rule.title}\n\n{rule.text}")
            return 0
    known = ", ".join(rule.code for rule in RULES)
    raise ConfigurationError(f"there is no rule {code!r}; there are {known}")


def scan_for(
    path: Path,
    what: What,
    configuration: Configuration,
    *,
    cache: Cache | None = None,
    listing: Listing | None = None,
) -> Scan:
    """Scan a tree for the concepts that were asked for.

    Raises:
        ConfigurationError: There are none, or one makes no sense in this tree.
    """
    concepts = concepts_of(path, what, configuration)
    with show_reading() as progress:
        return scan_tree(
            path,
            concepts,
            configuration,
            cache=cache or (path / CACHE if what.cache else None),
            processes=what.jobs or None,
            listing=listing,
            progress=progress,
        )


def concepts_of(
    path: Path, what: What, configuration: Configuration
) -> tuple[Concept, ...]:
    """Return the concepts that were asked for.

    Raises:
        ConfigurationError: There are none, or the arguments contradict each other.
    """
    if what.home:
        if what.concept:
            raise ConfigurationError("give --concept or --home, not both")
        words = tuple(filter(None, (word.strip() for word in what.words.split(","))))
        return (concept_of(home=what.home, words=words, factory=what.factory),)
    if what.words or what.factory:
        raise ConfigurationError("--words and --factory go with --home")
    known = configuration.concept
    if what.concept:
        found = tuple(one for one in known if one.name == what.concept)
        if not found:
            names = ", ".join(repr(one.name) for one in known) or "none"
            raise ConfigurationError(
                f"no concept is called {what.concept!r}; "
                f"{path / 'pyproject.toml'} has {names}"
            )
        return found
    if not known:
        raise ConfigurationError(
            f"{path / 'pyproject.toml'} names no concept\n\n"
            "hint: give one with --home package.module:Class, "
            "or let `goldenpath guard discover` propose some"
        )
    return known


def _accepted_file(
    path: Path, baseline: Path | None, configuration: Configuration
) -> Path | None:
    """Return the file of accepted findings, if there is one."""
    file = baseline or path / configuration.baseline
    return None if baseline is None and not file.exists() else file


def _content(file: Path | None) -> str:
    """Return what a file of accepted findings says; what is wrong with it comes up."""
    return "" if file is None else f"{file} {sorted(_baseline.load(file).items())}"


def _accept(file: Path | None, found: Scan) -> str:
    """Take accepted findings out; return what to say about it."""
    if file is None:
        return ""
    new, known, gone = _baseline.apply(found.findings, _baseline.load(file))
    found.findings[:] = new
    hint = f"; {number(gone, 'is', 'are')} gone: write it again" if gone else ""
    return f"{number(known, 'finding is', 'findings are')} accepted in {file}{hint}"


@contextlib.contextmanager
def show_reading() -> Iterator[Callable[[int, int], None]]:
    """Show how far reading is, to a person at a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(done: int, everything: int) -> None:
            bar.update(task, completed=done, total=everything)

        yield show
