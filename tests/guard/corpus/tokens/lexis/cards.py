from __future__ import annotations

import secrets


class CardTokenizer:
    """A token for the number of a card, so that the number need not be kept."""

    def __init__(self, vault: dict[str, str]) -> None:
        self._vault = vault
        self._issued: set[str] = set()

    def tokenize(self, number: str) -> str:
        token = secrets.token_hex(8)
        self._vault[token] = number
        self._issued.add(token)
        return token

    def detokenize(self, token: str) -> str:
        return self._vault[token]

    def revoke(self, token: str) -> None:
        del self._vault[token]
