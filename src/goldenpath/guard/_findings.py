"""What a rule found, and where."""

from __future__ import annotations

import hashlib

import msgspec


class Evidence(msgspec.Struct, frozen=True):
    """One fact that leads to a finding.

    Attributes:
        path: The file.
        line: Where.
        text: What stands there, or what follows from it.
    """

    path: str
    line: int
    text: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as the concept has it.

    Attributes:
        code: The rule's.
        concept: The concept's name.
        path: The file, from the root of the tree.
        line: From 1.
        column: From 1.
        message: One sentence: what it is, and the home.
        subject: What it is about, such as ``app.ws:Manager``: it stays the same when
            lines move.
        evidence: The facts that lead there.
        is_test: Whether it is in a test.
        score: How sure it is, from 0 to 1, of rules that weigh.
        data: What a program may want to know, by name.
    """

    code: str
    concept: str
    path: str
    line: int
    column: int = 1
    message: str
    subject: str = ""
    evidence: tuple[Evidence, ...] = ()
    is_test: bool = False
    score: float | None = None
    data: dict[str, object] = {}

    @property
    def fingerprint(self) -> str:
        """What names this finding although lines move."""
        what = f"{self.code}\n{self.concept}\n{self.path}\n{self.subject}"
        return hashlib.sha256(what.encode()).hexdigest()[:16]

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Where it comes in a list."""
        return (self.path, self.line, self.column, self.code)
