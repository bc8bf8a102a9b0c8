"""Search in a few Markdown documents, ranked as BM25 ranks."""

from __future__ import annotations

import collections
import dataclasses
import importlib.resources
import math
import re
from collections.abc import Iterator, Mapping

# The usual constants: how soon repeating a word stops counting, and how much a
# long passage is held against it.
_SATURATION = 1.5
_LENGTH_WEIGHT = 0.75
# A word in a heading says more than one in the text.
_HEADING_WEIGHT = 3
# Fewer than this share of a question's words found is no answer to it.
_ENOUGH_FOUND = 0.6
_PASSAGE_CHARACTERS = 1500

_STOP_WORDS = frozenset(
    # One text reads better here than a column of a hundred words.
    """
    a about an and any are as at be been by can could did do does for from get give
    had has have how i if in is it its just like make me my no not of on one or our
    please say should so some tell than that the their them then there these they this
    to up use was we were what when where which who why will with would you your
    """.split()  # noqa: SIM905
)
_ENDINGS = ("ation", "ing", "ed", "es", "s", "e")

_SEARCH = re.compile(
    r"\s*(?:search|docs|documentation)\b(?: (?:the )?(?:docs|documentation)\b)?"
    r"(?: for\b| about\b)?:?\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document: all that stands under one heading.

    Attributes:
        title: The document's title.
        heading: The passage's own, or nothing before the first.
        text: Markdown.
    """

    title: str
    heading: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A passage that fits a question.

    Attributes:
        passage: Which.
        score: How well, compared with the others.
        share: How much of the question's words it holds, from 0 to 1.
    """

    passage: Passage
    score: float
    share: float

    @property
    def is_enough(self) -> bool:
        """Whether it is worth showing to somebody who did not ask for a search."""
        return self.share >= _ENOUGH_FOUND


class Documents:
    """Documents that can be searched.

    Args:
        texts: Markdown by title; None means those that come with goldenpath.
    """

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        texts = _bundled() if texts is None else texts
        self._passages = [p for title in texts for p in _split(title, texts[title])]
        self._words = [_weigh(passage) for passage in self._passages]
        self._lengths = [sum(words.values()) for words in self._words]
        self._spread = collections.Counter(
            word for words in self._words for word in words
        )

    def search(self, question: str, limit: int = 3) -> list[Found]:
        """Return the passages that fit best, best first; maybe none."""
        asked = set(_stems(question[:500]))
        if not asked:
            return []
        found = []
        for index, words in enumerate(self._words):
            if shared := asked & words.keys():
                score, share = self._score(shared, index), len(shared) / len(asked)
                found.append(Found(self._passages[index], score, share))
        # Passages that hold more of the question come first: with a few documents
        # one rare word would otherwise beat three that fit.
        return sorted(found, key=lambda f: (-round(f.share, 3), -f.score))[:limit]

    def _score(self, shared: set[str], index: int) -> float:
        """Return the BM25 score of a passage for the words that it shares."""
        words, count = self._words[index], len(self._passages)
        average = sum(self._lengths) / count
        length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * self._lengths[index] / average
        score = 0.0
        for word in shared:
            spread = self._spread[word]
            rarity = math.log(1 + (count - spread + 0.5) / (spread + 0.5))
            often = words[word]
            score += rarity * often * (_SATURATION + 1) / (often + _SATURATION * length)
        return score


def find_query(message: str) -> str | None:
    """Return what a message asks to be searched for, if it says so."""
    if match := _SEARCH.match(message[:500]):
        return match[1].strip()
    return (
        message.strip()
        if re.search(r"\bgoldenpath\b", message[:500], re.IGNORECASE)
        else None
    )


def _bundled() -> dict[str, str]:
    """Return the documents of this package, by their first heading."""
    folder = importlib.resources.files("goldenpath.agents") / "documents"
    texts = [
        page.read_text(encoding="utf-8")
        for page in sorted(folder.iterdir(), key=lambda page: page.name)
        if page.name.endswith(".md")
    ]
    return {text.partition("\n")[0].lstrip("# "): text for text in texts}


def _split(title: str, text: str) -> Iterator[Passage]:
    """Yield a document's passages."""
    for part in re.split(r"^(?=##? )", text, flags=re.MULTILINE):
        heading, body = "", part
        if part.startswith("#"):
            heading, _, body = part.partition("\n")
            heading = heading.lstrip("# ") if heading.startswith("##") else ""
        if body := body.strip():
            yield Passage(title, heading.strip(), _cut(body))


def _cut(text: str) -> str:
    """Return a text at most a passage long, ending with a whole paragraph."""
    beginning = text[:_PASSAGE_CHARACTERS]
    if beginning == text:
        return text
    return beginning.rpartition("\n\n")[0] or beginning


def _weigh(passage: Passage) -> collections.Counter[str]:
    words = collections.Counter(_stems(passage.text))
    for word in _stems(passage.heading or passage.title):
        words[word] += _HEADING_WEIGHT
    for word in _stems(passage.title):
        words[word] += 1
    return words


def _stems(text: str) -> Iterator[str]:
    """Yield the words of a text that carry meaning, without their endings."""
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if word not in _STOP_WORDS:
            yield _stem(word)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
