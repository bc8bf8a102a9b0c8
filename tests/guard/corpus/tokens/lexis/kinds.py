from collections.abc import Iterable
from typing import Protocol, TypeVar

Out = TypeVar("Out", covariant=True)


class Encodes(Protocol[Out]):
    def encode(self, text: str) -> Out: ...

    def encode_batch(self, texts: Iterable[str]) -> list[Out]:
        return [self.encode(text) for text in texts]

    def decode(self, numbers: Iterable[int]) -> str: ...
