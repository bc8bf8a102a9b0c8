from __future__ import annotations


class Vocabulary:
    __slots__ = ("_numbers", "_pieces")

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = list(pieces)
        self._numbers = {piece: number for number, piece in enumerate(pieces)}

    def number_of(self, piece: str) -> int:
        return self._numbers.get(piece, 0)

    def piece_of(self, number: int) -> str:
        return self._pieces[number]

    def add_special(self, piece: str) -> int:
        self._numbers[piece] = len(self._pieces)
        self._pieces.append(piece)
        return self._numbers[piece]

    def __len__(self) -> int:
        return len(self._pieces)
