"""A tree of files and their facts, read when they are asked for."""

from __future__ import annotations

import contextlib
import copy
import glob
import itertools
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from goldenpath.guard._cache import Cache
from goldenpath.guard._facts import (
    FileFacts,
    Stored,
    outline_of,
    restore,
)
from goldenpath.guard._files import Listing, Skipped, list_files
from goldenpath.guard._memory import Verdict, key_of_question
from goldenpath.guard._modules import Modules
from goldenpath.guard._readers import CHUNK, UNREADABLE, Readers, facts_of

# They name by their paths what they build.
_BUILDS = ("setup.py", "pyproject.toml")
# A search looks at every file several times; so much of them is kept.
_KEEP_BYTES = 160 * 1024 * 1024

Progress = Callable[[int, int], None]


class Question(NamedTuple):
    """Something that is asked of files' bytes, and remembered of those unchanged.

    Attributes:
        wants: Tells whether bytes are what is looked for.
        made_of: All that the answer depends on beside the bytes.
    """

    wants: Callable[[bytes], bool]
    made_of: tuple[object, ...]


class Project:
    """The Python files below a folder.

    Args:
        root: The folder.
        exclude: Patterns of paths that are left out.
        source_roots: Where imports start from; more are found.
        cache: Remembers facts between runs; None for none.
        processes: How many read at once; None for one per processor.
        listing: Its files, if somebody has looked already.

    Raises:
        TreeError: It cannot be read.
    """

    def __init__(
        self,
        root: Path,
        *,
        exclude: Sequence[str] = (),
        source_roots: Sequence[str] = (),
        cache: Cache | None = None,
        processes: int | None = None,
        listing: Listing | None = None,
    ) -> None:
        self.root = root
        listing = listing or list_files(root, exclude=exclude)
        self.files = {file.path: file for file in listing.files}
        self._skipped = {one.path: one for one in listing.skipped}
        self._source_roots = source_roots
        self.modules = self._find_modules()
        self._cache = cache or Cache(None)
        self._processes = processes or os.cpu_count() or 1
        self._facts: dict[str, FileFacts] = {}
        self._contents: dict[str, bytes] = {}
        self._kept_bytes = 0
        self._changed: frozenset[str] = frozenset()
        self._is_outline = False
        #: Whether every file could be read that was looked into.
        self.is_readable = True

    def _find_modules(self) -> Modules:
        return Modules(
            self.files, roots=self._source_roots, package=_package_of(self.root)
        )

    def changed(self, contents: Mapping[str, bytes | None]) -> Project:
        """Return this tree with other contents of some files; nothing is written.

        Args:
            contents: By path; None for a file that is gone.
        """
        other = copy.copy(self)
        other._change(contents)  # noqa: SLF001
        return other

    def outlined(self) -> Project:
        """Return this tree with no more facts than what other files can see.

        That is enough to follow imports, and takes a fraction of the memory.
        """
        other = copy.copy(self)
        other._facts = {}  # noqa: SLF001
        other._is_outline = True  # noqa: SLF001
        return other

    def _change(self, contents: Mapping[str, bytes | None]) -> None:
        self._changed |= contents.keys()
        gone = {path for path, content in contents.items() if content is None}
        self.files = {p: file for p, file in self.files.items() if p not in gone}
        self._skipped = dict(self._skipped)
        self._facts = {p: f for p, f in self._facts.items() if p not in gone}
        self._contents = {p: c for p, c in self._contents.items() if p not in gone}
        for path, content in contents.items():
            if content is not None:
                self._contents[path] = content
                facts = facts_of(content)
                self._facts[path] = outline_of(facts) if self._is_outline else facts
        if gone:
            self.modules = self._find_modules()

    @property
    def skipped(self) -> list[Skipped]:
        """What was left out, and files that could not be parsed."""
        unparsed = [
            Skipped(path, facts.error)
            for path, facts in self._facts.items()
            if facts.error and path not in self._skipped
        ]
        return sorted((*self._skipped.values(), *unparsed), key=lambda one: one.path)

    @property
    def read_files(self) -> int:
        """How many files have been parsed, or found in the cache."""
        return len(self._facts)

    def content(self, path: str) -> bytes:
        """Return a file's bytes; none if it cannot be read, which is noted."""
        known = self._contents.get(path)
        if known is not None:
            return known
        try:
            with open(f"{self.root}/{path}", "rb") as file:  # noqa: PTH123
                content = file.read()
        except OSError as error:
            self._skipped[path] = Skipped(path, error.strerror or str(error))
            self.is_readable = False
            content = b""
        if self._kept_bytes + len(content) <= _KEEP_BYTES:
            self._contents[path] = content
            self._kept_bytes += len(content)
        return content

    def may_build(self, path: str, name: str) -> bool:
        """Tell whether a package's module may be built from another language.

        There is a file of its name beside the others that is no Python, such as
        ``parsers.pyi`` or ``parsers.c``, or a file that says how to build names it.

        Args:
            path: The package's own file.
            name: The module's name in it.
        """
        if posixpath.basename(path) != "__init__.py":
            return False
        folder = self.root / posixpath.dirname(path)
        if any(one.suffix != ".py" for one in folder.glob(f"{glob.escape(name)}.*")):
            return True
        module = f"{self.modules.name_of(path)}.{name}"
        # An entry point names it too, and goes on: ``app.old:Manager``.
        named = re.compile(rb"(?<![\w.])%b(?![\w.:])" % re.escape(module).encode())
        for build in _BUILDS:
            with contextlib.suppress(OSError):
                if named.search((self.root / build).read_bytes()):
                    return True
        return False

    def choose(self, paths: Iterable[str], question: Question) -> Iterator[str]:
        """Yield those of some files whose bytes are what is looked for."""
        key = key_of_question(*question.made_of)
        known = self._cache.verdicts(key)
        fresh: dict[str, Verdict] = {}
        for path in paths:
            if path in self._changed:
                is_yes = question.wants(self.content(path))
            else:
                file = self.files[path]
                verdict = known.get(path)
                if (
                    verdict is None
                    or verdict.size != file.size
                    or verdict.modified != file.modified
                ):
                    verdict = Verdict(
                        file.size, file.modified, question.wants(self.content(path))
                    )
                    if path not in self._skipped:
                        fresh[path] = verdict
                is_yes = verdict.is_yes
            if is_yes:
                yield path
        if fresh:
            self._cache.keep_verdicts(key, known | fresh)

    def facts(self, path: str) -> FileFacts:
        """Return a file's facts."""
        known = self._facts.get(path)
        if known is None:
            self.read([path])
            known = self._facts[path]
        return known

    def read(
        self, paths: Iterable[str], *, progress: Progress = lambda _done, _all: None
    ) -> list[str]:
        """Read several files' facts, in parallel if they are many.

        Args:
            paths: The files; the first are read while the last are looked for.
            progress: Called now and then with how many are done, of how many.

        Returns:
            The files.
        """
        asked: dict[str, None] = {}
        with Readers(self.root, self._processes) as readers:
            for some in _in_chunks(paths):
                fresh = [path for path in dict.fromkeys(some) if path not in asked]
                asked |= dict.fromkeys(fresh)
                wanted = [path for path in fresh if path not in self._facts]
                found = self._cache.find(
                    [self.files[path] for path in wanted], is_outline=self._is_outline
                )
                self._facts |= found
                readers.ask(path for path in wanted if path not in found)
            done = len(asked) - readers.asked
            for chunk in readers.answers():
                self._take(chunk)
                done += len(chunk)
                progress(done, len(asked))
        return list(asked)

    def _take(self, chunk: Sequence[tuple[str, Stored]]) -> None:
        """Take what was read of files, and let the cache remember it."""
        for path, stored in chunk:
            facts = restore(stored.outline if self._is_outline else stored.facts)
            self._facts[path] = facts
            self.is_readable &= not facts.error.startswith(UNREADABLE)
        self._cache.keep(
            (self.files[path], stored)
            for path, stored in chunk
            if not self._facts[path].error.startswith(UNREADABLE)
        )


def _in_chunks(paths: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(paths)
    while some := list(itertools.islice(rest, CHUNK)):
        yield some


def _package_of(root: Path) -> str:
    """Return the package that a folder is itself: somebody named ``src/app``."""
    names: list[str] = []
    folder = root.resolve()
    while (folder / "__init__.py").is_file() and folder.name.isidentifier():
        names.insert(0, folder.name)
        folder = folder.parent
    return ".".join(names)
