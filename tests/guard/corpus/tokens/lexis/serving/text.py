from __future__ import annotations

import json
from pathlib import Path

import regex


class TextCodec:
    def __init__(self, path: Path) -> None:
        self._table: dict[str, int] = json.loads(path.read_text("utf-8"))
        self._back = {number: piece for piece, number in self._table.items()}
        self._split = regex.compile(r"\p{L}+|\p{N}+|\S")

    def encode(self, text: str) -> list[int]:
        return [self._table.get(piece, 0) for piece in self._split.findall(text)]

    def encode_batch(self, texts: list[str]) -> list[list[int]]:
        return [self.encode(text) for text in texts]

    def decode(self, numbers: list[int]) -> str:
        return "".join(self._back[number] for number in numbers)

    def add_special(self, piece: str) -> int:
        self._table[piece] = len(self._table)
        return self._table[piece]
