from __future__ import annotations

from typing import NamedTuple, Optional


class PostalAddress(NamedTuple):
    """One address, after cleaning. All parts upper case except ``country`` (ISO 3166)."""

    street: str
    number: str
    unit: Optional[str]
    postcode: str
    city: str
    country: str

    def one_line(self) -> str:
        house = f"{self.number}/{self.unit}" if self.unit else self.number
        return f"{house} {self.street}, {self.city} {self.postcode}, {self.country}"


class QualityReport(NamedTuple):
    """Counts after one pass over a frame."""

    rows: int
    valid: int
    changed: int
    rejected: dict

    @property
    def share_valid(self) -> float:
        return self.valid / self.rows if self.rows else float("nan")


class InvalidAddress(ValueError):
    def __init__(self, field: str, value: object):
        super().__init__(f"bad {field}: {value!r}")
        self.field = field
        self.value = value
