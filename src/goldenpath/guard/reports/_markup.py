"""Text as HTML: escaped, with nothing hidden in it, and with places to break.

Whatever a tree, a configuration or a message says comes to the page through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

# Between the parts of a place: behind ``.``, ``:`` and ``/``, but not before an ending
# or a number. What stands for itself may break between its words as well.
_PARTS = r"(?<=\w[.:/])(?!pyi?\b)(?=[^\W\d])"
_BREAK = re.compile(_PARTS)
_BREAK_OF_CODE = re.compile(rf"{_PARTS}|(?<=[^\W_]_)(?=[^\W\d_])")
# What is longer than this would make a table wider than a screen.
_LONG = 24
# And than this, a column among many.
_LONG_IN_COLUMN = 12
_SPACE = re.compile(r"(\s+)")
_WORDS_OF_LONG = re.compile(r"(?<=[a-z\d])(?=[A-Z][a-z])")
_TICKS = re.compile(r"(`+)(.+?)\1")


def text(raw: str) -> str:
    """Return text as HTML.

    Args:
        raw: Anything. Characters that do not show, or turn the direction, are named.
    """
    return _broken(raw, _BREAK, _LONG)


def code(raw: str, *, is_column: bool = False) -> str:
    """Return a name or a place as HTML.

    Args:
        raw: The name.
        is_column: Whether it heads one of many columns, and breaks sooner.
    """
    long = _LONG_IN_COLUMN if is_column else _LONG
    return f"<code>{_broken(raw, _BREAK_OF_CODE, long)}</code>"


def prose(raw: str) -> str:
    """Return text in which backticks stand round code."""
    parts = []
    end = 0
    for found in _TICKS.finditer(raw):
        parts += [text(raw[end : found.start()]), code(found[2])]
        end = found.end()
    return "".join((*parts, text(raw[end:])))


def more(count: int, content: str) -> str:
    """Return what is there to be unfolded, and is unfolded on paper."""
    return f"<details><summary>and {count} more</summary>{content}</details>"


def _broken(raw: str, where: re.Pattern[str], long: int) -> str:
    return "<wbr>".join(
        "".join(
            "<wbr>".join(map(_shown, _pieces(word, long)))
            for word in _SPACE.split(part)
        )
        for part in where.split(raw)
    )


def _pieces(word: str, long: int) -> Iterator[str]:
    """Yield the words of a long word, and what has none in pieces."""
    if len(word) <= long:
        yield word
        return
    for piece in _WORDS_OF_LONG.split(word):
        for start in range(0, len(piece), _LONG):
            yield piece[start : start + _LONG]


def _shown(part: str) -> str:
    if part.isprintable():
        return escape(part)
    return "".join(
        escape(one)
        if one.isprintable()
        else f'<span class="hidden">U+{ord(one):04X}</span>'
        for one in part
    )
