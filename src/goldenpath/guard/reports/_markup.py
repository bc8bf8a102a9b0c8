"""Text as HTML: escaped, with nothing hidden in it, and with places to break.

Whatever a tree, a configuration or a message says comes to the page through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

# Between the parts of a place: behind ``.``, ``:`` and ``/``, but not before an ending
# or a number. What stands for itself may break between its words as well.
_PARTS = r"(?<=\w[.:/])(?!pyi?\b)(?=[^\W\d])"
_BREAK = re.compile(_PARTS)
_BREAK_OF_CODE = re.compile(rf"{_PARTS}|(?<=[^\W_]_)(?=[^\W\d_])")
_BREAK_OF_LONG = re.compile(r"(?<=[a-z\d])(?=[A-Z][a-z])")
_LONG = 24
_TICKS = re.compile(r"(`+)(.+?)\1")


def text(raw: str) -> str:
    """Return text as HTML.

    Args:
        raw: Anything. Characters that do not show, or turn the direction, are named.
    """
    return _joined(_BREAK.split(raw))


def code(raw: str) -> str:
    """Return a name or a place as HTML."""
    parts = [
        part
        for whole in _BREAK_OF_CODE.split(raw)
        for part in (_BREAK_OF_LONG.split(whole) if len(whole) > _LONG else [whole])
    ]
    return f"<code>{_joined(parts)}</code>"


def prose(raw: str) -> str:
    """Return text in which backticks stand round code."""
    parts = []
    end = 0
    for found in _TICKS.finditer(raw):
        parts += [text(raw[end : found.start()]), code(found[2])]
        end = found.end()
    return "".join((*parts, text(raw[end:])))


def number(count: int, one: str, many: str = "") -> str:
    """Return a count and what is counted.

    Args:
        count: How many.
        one: A single one of them.
        many: Several of them; with an "s" behind it if it is left out.
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def more(count: int, content: str) -> str:
    """Return what is there to be unfolded, and is unfolded on paper."""
    return f"<details><summary>and {count} more</summary>{content}</details>"


def _joined(parts: Iterable[str]) -> str:
    return "<wbr>".join(map(_shown, parts))


def _shown(part: str) -> str:
    if part.isprintable():
        return escape(part)
    return "".join(
        escape(one)
        if one.isprintable()
        else f'<span class="hidden">U+{ord(one):04X}</span>'
        for one in part
    )
