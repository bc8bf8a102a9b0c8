"""Reference tables that the normaliser works with."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd


class StreetTypeTable:
    """'Str.' -> 'STREET', 'Av' -> 'AVENUE'; one column per language."""

    def __init__(self, path: Path):
        table = pd.read_csv(path, dtype=str)
        self._by_short = dict(
            zip(table["short"].str.upper(), table["full"].str.upper())
        )

    def expand(self, street: str) -> str:
        words = street.upper().replace(".", " ").split()
        return " ".join(self._by_short.get(word, word) for word in words)


class PostcodeRules:
    """What a postcode looks like, by country."""

    PATTERNS = {
        "GB": r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
        "NL": r"[1-9]\d{3} [A-Z]{2}",
        "DE": r"\d{5}",
        "FR": r"\d{5}",
        "US": r"\d{5}(-\d{4})?",
    }

    def __init__(self):
        self._compiled = {c: re.compile(p) for c, p in self.PATTERNS.items()}

    def tidy(self, postcode: str, country: str) -> str:
        code = re.sub(r"[^A-Z0-9]", "", postcode.upper())
        if country == "GB":
            return f"{code[:-3]} {code[-3:]}"
        if country == "NL":
            return f"{code[:4]} {code[4:]}"
        if country == "US" and len(code) == 9:
            return f"{code[:5]}-{code[5:]}"
        return code

    def fits(self, postcode: str, country: str) -> bool:
        pattern = self._compiled.get(country)
        return pattern is None or pattern.fullmatch(postcode) is not None
