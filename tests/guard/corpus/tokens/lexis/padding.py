from lexis.tokenizer import Tokenizer


class PaddingTokenizer(Tokenizer[list[int]]):
    length = 128

    def encode(self, text: str) -> list[int]:
        numbers = super().encode(text)
        return (numbers + [0] * self.length)[: self.length]
