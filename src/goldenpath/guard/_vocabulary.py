"""What classes speak of: the words of all names in them, and how alike those are.

A word that many classes use says little, one that few use says much.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping

from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View
from goldenpath.guard._words import singular, words_of

# So many classes tell which words everybody uses.
_MOST_VOICES = 400
_DOTS = re.compile(r"\W+")


def likeness(
    view: View, one: Thing, other: Thing, *, besides: Collection[str] = ()
) -> tuple[float, list[str]]:
    """Return how alike the words of two classes are, and those that say so.

    Args:
        view: Where the classes are.
        one: A class.
        other: And another one.
        besides: Words that do not count.

    Returns:
        The cosine of their weighted words, from 0 to 1, and the common words, the most
        telling first.
    """
    rarity = view.once(_rarity)
    mine, theirs = (_weighted(view, thing, rarity) for thing in (one, other))
    weights = {
        word: mine[word] * theirs[word]
        for word in (mine.keys() & theirs.keys()) - set(besides)
    }
    both = math.sqrt(_square(mine) * _square(theirs)) or 1.0
    telling = sorted(weights, key=lambda word: (-weights[word], word))
    return sum(weights[word] for word in telling) / both, telling


def _square(words: Mapping[str, float]) -> float:
    return sum(value * value for value in words.values())


def _weighted(
    view: View, thing: Thing, rarity: Mapping[str, float]
) -> dict[str, float]:
    most = max(rarity.values(), default=1.0)
    return {
        word: (1 + math.log(count)) * rarity.get(word, most)
        for word, count in _said_in(view, thing).items()
    }


def _rarity(view: View) -> dict[str, float]:
    things = [
        Thing("class", path, class_.qualified, class_.line)
        for path in view.candidates
        for class_ in view.facts(path).classes
    ]
    step = max(1, len(things) // _MOST_VOICES)
    voices = [set(_said_in(view, thing)) for thing in things[::step]]
    users = Counter(word for words in voices for word in words)
    return {word: math.log((len(voices) + 1) / count) for word, count in users.items()}


def _said_in(view: View, thing: Thing) -> Counter[str]:
    """Count the words of the names in a class: its methods, what they take and read."""
    facts = view.facts(thing.path)
    prefix = thing.name + "."
    names = [thing.name.rpartition(".")[2]]
    names += [
        function.name
        for function in facts.functions
        if f"{function.scope}.".startswith(prefix)
    ]
    for binding in facts.bindings:
        if f"{binding.scope}.".startswith(prefix):
            names += (binding.name, binding.target)
    names += [call.target for call in facts.calls if call.scope.startswith(prefix)]
    names += [text for text, scope, _line in facts.reads if scope.startswith(prefix)]
    return Counter(
        word
        for name in names
        for word in singular(words_of(_DOTS.sub("_", name)))
        if len(word) > 2 and word != "self"
    )
