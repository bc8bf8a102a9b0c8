from __future__ import annotations

from pathlib import Path

from lexis.tokenizer import Tokenizer
from lexis.vocabulary import Vocabulary


class TokenizerLoader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loaded: dict[str, Tokenizer[list[int]]] = {}

    def load(self, name: str) -> Tokenizer[list[int]]:
        if name not in self.loaded:
            lines = (self.folder / name).read_text("utf-8").splitlines()
            self.loaded[name] = Tokenizer(Vocabulary(lines), list)
        return self.loaded[name]

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())
