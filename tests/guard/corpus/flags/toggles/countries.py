from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class CountryFlags:
    pictures: dict[str, bytes] = field(default_factory=dict)

    def all_flags(self) -> list[str]:
        return sorted(self.pictures)

    def emoji(self, country: str) -> str:
        return "".join(chr(0x1F1A5 + ord(letter)) for letter in country.upper())

    def picture(self, country: str) -> bytes:
        return self.pictures[country]
