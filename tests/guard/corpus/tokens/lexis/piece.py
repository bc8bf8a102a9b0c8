from typing import NamedTuple


class Piece(NamedTuple):
    text: str
    number: int

    def decode(self) -> str:
        return self.text
