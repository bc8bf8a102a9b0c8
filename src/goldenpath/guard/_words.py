"""The words of a name, however it is written, and counts in words."""

from __future__ import annotations

import functools
import re

# A run of capitals that is no start of a word, a word, or a run of digits.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")


@functools.lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name: ``WebSocketManager`` is web, socket, manager."""
    return tuple(word.lower() for word in _WORD.findall(name))


@functools.lru_cache(maxsize=65536)
def singular(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without the ``s`` of a plural."""
    return tuple(
        word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word
        for word in words
    )


def number(count: int, one: str, many: str = "") -> str:
    """Return a count and what is counted.

    Args:
        count: How many.
        one: A single one of them.
        many: Several of them; with an "s" behind it if it is left out.
    """
    return f"{count} {one if count == 1 else many or one + 's'}"
