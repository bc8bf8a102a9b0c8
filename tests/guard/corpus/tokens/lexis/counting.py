from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

from lexis.tokenizer import Tokenizer

Out = TypeVar("Out")


class CountingTokenizer(Generic[Out]):
    def __init__(self, tokenizer: Tokenizer[Out]) -> None:
        self.tokenizer = tokenizer
        self.counts: Counter[str] = Counter()

    def encode(self, text: str) -> Out:
        self.counts["texts"] += 1
        self.counts["letters"] += len(text)
        return self.tokenizer.encode(text)

    def encode_batch(self, texts: Iterable[str]) -> list[Out]:
        found = []
        for text in texts:
            found.append(self.encode(text))
        return found

    def decode(self, numbers: Iterable[int]) -> str:
        text = self.tokenizer.decode(numbers)
        self.counts["decoded"] += 1
        return text

    def vocabulary_size(self) -> int:
        return self.tokenizer.vocabulary_size()
