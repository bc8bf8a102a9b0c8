from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pandas as pd

from geoflow.refine.base import AddressBackend
from geoflow.refine.reference import PostcodeRules, StreetTypeTable
from geoflow.refine.schema import InvalidAddress, PostalAddress, QualityReport

logger = logging.getLogger(__name__)

HOUSE = re.compile(r"^(?P<number>\d+\s?[A-Z]?)(?:[/-](?P<unit>\w+))?$")
DATA = Path(__file__).parent / "data"
COLUMNS = ["street", "number", "postcode", "city", "country"]


class AddressNormaliser(AddressBackend):
    """Rule-based cleaning of postal addresses.

    Parameters
    ----------
    street_types : StreetTypeTable, optional
        Abbreviations to expand.
    rules : PostcodeRules, optional
        Shapes of postcodes.
    default_country : str
        For records without one.
    """

    def __init__(self, street_types=None, rules=None, default_country="GB"):
        self.street_types = street_types or StreetTypeTable(DATA / "street_types.csv")
        self.rules = rules or PostcodeRules()
        self.default_country = default_country
        self.rejected = Counter()

    def validate(self, address: PostalAddress) -> None:
        if not address.street:
            raise InvalidAddress("street", address.street)
        if not address.city:
            raise InvalidAddress("city", address.city)
        if not self.rules.fits(address.postcode, address.country):
            raise InvalidAddress("postcode", address.postcode)

    def normalise(self, raw: dict) -> PostalAddress:
        country = (raw.get("country") or self.default_country).strip().upper()[:2]
        house = HOUSE.match(self._fold(raw.get("number")))
        address = PostalAddress(
            street=self.street_types.expand(self._fold(raw.get("street"))),
            number=house["number"].replace(" ", "") if house else "",
            unit=house["unit"] if house else None,
            postcode=self.rules.tidy(raw.get("postcode") or "", country),
            city=self._fold(raw.get("city")),
            country=country,
        )
        self.validate(address)
        return address

    def normalise_frame(
        self, frame: pd.DataFrame
    ) -> tuple[pd.DataFrame, QualityReport]:
        self.rejected.clear()
        good, changed = [], 0
        for index, raw in zip(frame.index, frame[COLUMNS].to_dict("records")):
            try:
                address = self.normalise(raw)
            except InvalidAddress as exc:
                self.rejected[exc.field] += 1
                logger.debug("row %s: %s", index, exc)
                continue
            changed += address.street != raw["street"]
            good.append(pd.Series(address._asdict(), name=index))
        report = QualityReport(len(frame), len(good), changed, dict(self.rejected))
        return pd.DataFrame(good), report

    @staticmethod
    def _fold(text) -> str:
        text = unicodedata.normalize("NFKD", str(text or ""))
        return " ".join(
            "".join(c for c in text if not unicodedata.combining(c)).upper().split()
        )
