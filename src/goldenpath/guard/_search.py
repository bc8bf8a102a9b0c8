"""Which files may concern a concept, found by their bytes before any is parsed.

Parsing three million lines takes half a minute, looking for a few words in them takes
half a second. So files are parsed that

1. hold a name by which the concept's home is known, or its factory;
2. define a class whose name is of the concept's family, or says what it is about;
3. define several methods with the home's names, however those are spelled;
4. keep collections in a class and mention the types that the home handles;
5. star-import a module that offers the home.

The names grow while files are read (an alias is one more), until nothing is new. What
was not parsed is counted, and said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from goldenpath.guard._nouns import subjects_of
from goldenpath.guard._project import Question
from goldenpath.guard._words import words_of

# So many of the home's methods make a class worth a look, and so large a share.
_LEAST_METHODS, _LEAST_SHARE = 2, 0.4
_LEAST_LETTERS = 4
_STAR = re.compile(
    rb"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*\(?[ \t]*\*", re.MULTILINE
)
_CLASS = re.compile(rb"class[ \t]+(\w+)")
_COLLECTION = re.compile(rb"=\s*(\{|\[|dict\(|set\(|list\(|defaultdict\(|Weak\w+\()")


class Search:
    """Decides by their bytes which files are worth parsing.

    Args:
        names: Names that are looked for as they stand.
        phrases: Words of the concept's family; a class whose name has all words of
            one of them is of the family, and so is one whose name says what they
            are about.
        methods: Names of methods of the home.
        types: Names of types that the home handles.

    Attributes:
        question: Which files are worth parsing.
    """

    def __init__(
        self,
        *,
        names: Collection[str],
        phrases: Collection[tuple[str, ...]],
        methods: Collection[str],
        types: Collection[str],
    ) -> None:
        self._names = {name.encode() for name in names}
        self._stars: set[bytes] = set()
        joined = {"".join(words).encode() for words in phrases}
        # A short word is part of too many others.
        joined |= {
            word.encode()
            for word in subjects_of(phrases)
            if len(word) >= _LEAST_LETTERS
        }
        self._family = tuple(sorted(filter(None, joined)))
        self._least = max(_LEAST_METHODS, round(_LEAST_SHARE * len(methods)))
        self._methods = (
            re.compile(rb"def[ \t]+(%s)[ \t]*\(" % _any(_spelled(methods)))
            if methods
            else None
        )
        self._type_names = [name.encode() for name in sorted(types)]
        self._types = re.compile(rb"\b(%s)\b" % _any(types))

        asked = (sorted(names), sorted(phrases), sorted(methods), sorted(types))
        self.question = Question(self._matches, ("search", *asked))

    def _matches(self, content: bytes) -> bool:
        return self._mentions(content, self._names, self._stars) or (
            b"class " in content and self._may_rival(content)
        )

    def grow(
        self, names: Iterable[str], star_modules: Iterable[str]
    ) -> Question | None:
        """Look for more names, and for star imports of more modules.

        Returns:
            Which files are worth parsing now and were not before, or None if there is
            nothing new.
        """
        fresh_names = {name.encode() for name in names} - self._names
        fresh_stars = {
            module.rpartition(".")[2].encode() for module in star_modules
        } - self._stars
        if not fresh_names and not fresh_stars:
            return None
        self._names |= fresh_names
        self._stars |= fresh_stars
        return Question(
            lambda content: self._mentions(content, fresh_names, fresh_stars),
            ("growth", sorted(fresh_names), sorted(fresh_stars)),
        )

    def _mentions(
        self, content: bytes, names: Collection[bytes], stars: Collection[bytes]
    ) -> bool:
        if any(name in content for name in names):
            return True
        if not stars or b"*" not in content:
            return False
        # A relative star may mean anything nearby: ``from . import *``.
        return any(
            (last := module.rpartition(b".")[2]) in stars or not last
            for module in _STAR.findall(content)
        )

    def _may_rival(self, content: bytes) -> bool:
        # Letters may be written large or small, with underscores between. To look at
        # the names alone costs a tenth of one expression for all of that.
        for name in _CLASS.findall(content):
            plain = _plain(name)
            if any(phrase in plain for phrase in self._family):
                return True
        if self._methods is not None:
            defined = self._methods.findall(content)
            if len({_plain(name) for name in defined}) >= self._least:
                return True
        # Whole words are looked for where there are such letters: that costs a tenth.
        return (
            any(name in content for name in self._type_names)
            and self._types.search(content) is not None
            and _COLLECTION.search(content) is not None
        )


def _plain(name: bytes) -> bytes:
    return name.lower().replace(b"_", b"")


def _spelled(names: Iterable[str]) -> Iterable[str]:
    """Return names as they are written with underscores, and with capitals."""
    for name in names:
        words = words_of(name)
        yield name
        yield "_".join(words)
        yield words[0] + "".join(word.title() for word in words[1:]) if words else name


def _any(words: Iterable[str]) -> bytes:
    return b"|".join(re.escape(word.encode()) for word in sorted(set(words)))
