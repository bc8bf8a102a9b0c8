from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import regex

from lexis.vocabulary import Vocabulary

Out = TypeVar("Out")


class Tokenizer(Generic[Out]):
    """Texts to numbers, and back."""

    def __init__(
        self, vocabulary: Vocabulary, shape: Callable[[list[int]], Out]
    ) -> None:
        self._vocabulary = vocabulary
        self._shape = shape
        self._merges: dict[tuple[str, str], int] = {}
        self._pattern = regex.compile(r"\p{L}+|\p{N}+|\S")

    def encode(self, text: str) -> Out:
        numbers: list[int] = []
        for word in self._pattern.findall(text):
            for piece in self._merge(list(word)):
                numbers.append(self._vocabulary.number_of(piece))
        return self._shape(numbers)

    def encode_batch(self, texts: Iterable[str]) -> list[Out]:
        return [self.encode(text) for text in texts]

    def decode(self, numbers: Iterable[int]) -> str:
        return "".join(self._vocabulary.piece_of(number) for number in numbers)

    def add_special(self, piece: str) -> int:
        return self._vocabulary.add_special(piece)

    def vocabulary_size(self) -> int:
        return len(self._vocabulary)

    def _merge(self, pieces: list[str]) -> list[str]:
        while len(pieces) > 1:
            ranks = [
                self._merges.get(pair, 1 << 30) for pair in zip(pieces, pieces[1:])
            ]
            best = min(range(len(ranks)), key=ranks.__getitem__)
            if ranks[best] == 1 << 30:
                break
            pieces[best : best + 2] = [pieces[best] + pieces[best + 1]]
        return pieces
