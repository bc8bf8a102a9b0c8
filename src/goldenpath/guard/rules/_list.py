"""All rules, in the order of their codes.

A rule is a file with a docstring under fixed headings, which ``guard explain`` shows
and the documentation is made of, and a function ``find``: from a view to findings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from types import ModuleType

from goldenpath.guard._findings import Finding
from goldenpath.guard._view import View
from goldenpath.guard.rules import (
    _gp101,
    _gp102,
    _gp103,
    _gp104,
    _gp105,
    _gp106,
    _gp107,
    _gp108,
    _gp109,
    _gp110,
    _gp111,
    _gp112,
    _gp201,
    _gp301,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        code: Such as ``GP102``.
        title: In a few words.
        text: What it finds, why it matters, and when to allow it.
        find: Returns its findings.
    """

    code: str
    title: str
    text: str
    find: Callable[[View], Iterator[Finding]]


def _rule(module: ModuleType) -> Rule:
    """Make a rule of its file: the docstring's first line is ``GP102: title``."""
    first, _, text = (module.__doc__ or "").partition("\n")
    code, _, title = first.partition(": ")
    return Rule(code, title.rstrip("."), text.strip(), module.find)


RULES: tuple[Rule, ...] = tuple(
    map(
        _rule,
        (
            _gp101,
            _gp102,
            _gp103,
            _gp104,
            _gp105,
            _gp106,
            _gp107,
            _gp108,
            _gp109,
            _gp110,
            _gp111,
            _gp112,
            _gp201,
            _gp301,
        ),
    )
)

#: What these find fails today, or as soon as it runs.
BROKEN = ("GP111", "GP110")
