from __future__ import annotations

import heapq
from collections.abc import Iterable


class FastEncoder:
    """Byte pairs by a heap."""

    __slots__ = ("numbers", "pieces", "ranks")

    def __init__(self, ranks: dict[tuple[str, str], int], pieces: list[str]) -> None:
        self.ranks = dict(ranks)
        self.pieces = list(pieces)
        self.numbers = {piece: number for number, piece in enumerate(pieces)}

    def encode(self, text: str) -> list[int]:
        parts = list(text)
        heap = [(self.ranks.get(p, 1 << 30), p) for p in zip(parts, parts[1:])]
        heapq.heapify(heap)
        while heap and heap[0][0] < 1 << 30:
            heapq.heappop(heap)
        return [self.numbers.get(part, 0) for part in parts]

    def encode_many(self, texts: Iterable[str]) -> list[list[int]]:
        return [self.encode(text) for text in texts]

    def decode(self, numbers: Iterable[int]) -> str:
        return "".join(self.pieces[number] for number in numbers)

    def vocabulary_size(self) -> int:
        return len(self.pieces)
