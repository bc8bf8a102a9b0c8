"""What we do with addresses once they are clean."""

from __future__ import annotations

import time

import pandas as pd
import requests
from rapidfuzz import fuzz

from geoflow.refine.schema import PostalAddress


class Geocoder:
    """Latitude and longitude of an address, from our Nominatim."""

    def __init__(self, url: str, pause: float = 0.05):
        self.url = url
        self.pause = pause
        self.session = requests.Session()

    def locate(self, address: PostalAddress) -> tuple[float, float] | None:
        time.sleep(self.pause)
        answer = self.session.get(
            self.url, params={"q": address.one_line(), "format": "json"}
        )
        hits = answer.json()
        return (float(hits[0]["lat"]), float(hits[0]["lon"])) if hits else None


class AddressMatcher:
    """Finds records of two sources that are about the same place."""

    def __init__(self, threshold: float = 92.0):
        self.threshold = threshold

    def score(self, a: PostalAddress, b: PostalAddress) -> float:
        if a.country != b.country:
            return 0.0
        return fuzz.token_sort_ratio(a.one_line(), b.one_line())

    def pairs(
        self, left: dict[str, PostalAddress], right: dict[str, PostalAddress]
    ) -> pd.DataFrame:
        blocks: dict[str, list] = {}
        for key, address in right.items():
            blocks.setdefault(address.postcode, []).append((key, address))
        found = []
        for key, address in left.items():
            for other_key, other in blocks.get(address.postcode, []):
                score = self.score(address, other)
                if score >= self.threshold:
                    found.append((key, other_key, score))
        return pd.DataFrame(found, columns=["left", "right", "score"])
