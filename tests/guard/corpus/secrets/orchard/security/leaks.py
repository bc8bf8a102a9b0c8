"""Runs in CI over each pull request."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LeakedSecret:
    file: Path
    line: int
    rule: str


class SecretScanner:
    """Finds passwords and keys that somebody committed by mistake."""

    rules = {
        "aws": re.compile(r"AKIA[0-9A-Z]{16}"),
        "stripe": re.compile(r"sk_live_[0-9a-zA-Z]{24}"),
        "private key": re.compile(r"-----BEGIN (RSA|EC) PRIVATE KEY-----"),
    }

    def __init__(self, root: Path, entropy: float = 4.3) -> None:
        self._root = root
        self._entropy = entropy

    def scan(self) -> Iterator[LeakedSecret]:
        for file in self._root.rglob("*.py"):
            for number, line in enumerate(
                file.read_text(errors="replace").splitlines(), 1
            ):
                for rule, pattern in self.rules.items():
                    if pattern.search(line):
                        yield LeakedSecret(file, number, rule)
                if any(
                    self._bits(word) > self._entropy
                    for word in re.findall(r"\"(\S{32,})\"", line)
                ):
                    yield LeakedSecret(file, number, "entropy")

    @staticmethod
    def _bits(word: str) -> float:
        shares = [word.count(c) / len(word) for c in set(word)]
        return -sum(p * math.log2(p) for p in shares)
