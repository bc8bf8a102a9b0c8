"""Addresses of the American subsidiary, the way the Postal Service wants them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

SUFFIXES = {
    "STREET": "ST",
    "AVENUE": "AVE",
    "BOULEVARD": "BLVD",
    "ROAD": "RD",
    "DRIVE": "DR",
}
UNITS = {"APARTMENT": "APT", "SUITE": "STE", "FLOOR": "FL"}


class UspsScrubber:
    def __init__(self, zip_file: Path):
        with open(zip_file, newline="") as f:
            self.zips = {
                row["zip"]: (row["city"], row["state"]) for row in csv.DictReader(f)
            }
        self.problems: list[tuple[str, str]] = []

    def scrub(self, line1: str, city: str, state: str, zip_code: str) -> dict | None:
        """Return the address in Publication 28 form, or None if the ZIP does not match."""
        words = re.sub(r"[^\w\s#-]", "", line1.upper()).split()
        words = [SUFFIXES.get(w, UNITS.get(w, w)) for w in words]
        zip5 = zip_code.strip()[:5]
        known = self.zips.get(zip5)
        if known is None:
            self.problems.append((line1, f"unknown ZIP {zip5}"))
            return None
        if known[1] != state.upper():
            self.problems.append((line1, f"{zip5} is in {known[1]}, not {state}"))
            return None
        return {
            "line1": " ".join(words),
            "city": known[0].upper(),
            "state": known[1],
            "zip": zip5,
        }

    def scrub_file(self, source: Path, target: Path) -> int:
        with open(source, newline="") as fin, open(target, "w", newline="") as fout:
            writer = csv.DictWriter(fout, ["line1", "city", "state", "zip"])
            writer.writeheader()
            count = 0
            for row in csv.DictReader(fin):
                clean = self.scrub(row["addr"], row["city"], row["st"], row["zip"])
                if clean:
                    writer.writerow(clean)
                    count += 1
        return count
