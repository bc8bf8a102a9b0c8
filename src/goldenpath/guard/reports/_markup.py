"""Text as HTML: escaped, with nothing hidden in it, and with places to break.

Whatever a tree, a configuration or a message says comes to the page through here.
"""

from __future__ import annotations

import re
from html import escape

# Between the words of a place: behind ``.``, ``:``, ``/`` and ``_``, but not before an
# ending or a number.
_BREAK = re.compile(r"(?<=[^\W_][.:/_])(?!pyi?\b)(?=[^\W\d])")
_TICKS = re.compile(r"(`+)(.+?)\1")


def text(raw: str) -> str:
    """Return text as HTML.

    Args:
        raw: Anything. Characters that do not show, or turn the direction, are named.
    """
    return "<wbr>".join(
        "".join(map(_shown, re.split(r"([^ -~]+)", part))) for part in _BREAK.split(raw)
    )


def code(raw: str) -> str:
    """Return a name or a place as HTML."""
    return f"<code>{text(raw)}</code>"


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


def _shown(part: str) -> str:
    if part.isprintable():
        return escape(part)
    return "".join(
        escape(one)
        if one.isprintable()
        else f'<span class="hidden">U+{ord(one):04X}</span>'
        for one in part
    )
