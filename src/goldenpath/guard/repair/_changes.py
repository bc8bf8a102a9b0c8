"""What a repair changes in each file, and what it leaves to a person.

Rule 1: what a name stands for is asked of the resolver; nothing is replaced because it
        is spelled like something.
Rule 2: a local name stays. Who moves an import changes no line below it.
Rule 3: what is not certain is left, and listed with its reason.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from goldenpath.guard._view import View
from goldenpath.guard.repair._source import Edit, EditError, Source

#: Paths whose importers may move: the name means the very same object.
SAME_OBJECT = ("from", "star", "getattr", "alias")


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """Something that a person has to do.

    Attributes:
        path: The file.
        line: Where.
        why: Why it was left.
    """

    path: str
    line: int
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A file that changes.

    Attributes:
        path: The file.
        before: Its bytes.
        after: Its bytes afterwards; None if it is removed.
        what: What was done, a line for each edit.
    """

    path: str
    before: bytes
    after: bytes | None
    what: tuple[str, ...]


@dataclasses.dataclass(slots=True)
class Changes:
    """What one phase changes, and what it leaves.

    Attributes:
        changes: The files, by path.
        left: What a person has to do.
    """

    changes: list[Change] = dataclasses.field(default_factory=list)
    left: list[Left] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True)
class File:
    """A file on which edits are collected."""

    path: str
    source: Source
    edits: list[Edit] = dataclasses.field(default_factory=list)
    what: list[str] = dataclasses.field(default_factory=list)


class Collector:
    """Collects what a phase does.

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """

    def __init__(self, view: View, began: View) -> None:
        self.view = view
        self.began = began
        self.made = Changes()

    def edit(self, path: str, work: Callable[[File], None]) -> None:
        """Change a file; where that cannot be done, it is left as it is."""
        content = self.view.project.content(path)
        try:
            file = File(path, Source(content))
            work(file)
            after = file.source.edited(file.edits)
        except EditError as error:
            self.leave(path, 1, str(error))
            return
        if after != content:
            self.made.changes.append(Change(path, content, after, tuple(file.what)))

    def leave(self, path: str, line: int, why: str) -> None:
        """Note what a person has to do."""
        self.made.left.append(Left(path, line, why))
