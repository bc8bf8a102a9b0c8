"""Backends other than the plain one, and the choice among them."""

from __future__ import annotations

import os

import pandas as pd
import requests

from geoflow.refine.base import AddressBackend
from geoflow.refine.normaliser import AddressNormaliser
from geoflow.refine.schema import InvalidAddress, PostalAddress, QualityReport


class LoqateBackend(AddressBackend):
    """Leaves the work to Loqate; paid per record, so only for the key accounts."""

    URL = "https://api.addressy.com/Cleansing/International/Batch/v1.00/json4.ws"

    def __init__(self, key: str, batch: int = 100):
        self.key = key
        self.batch = batch

    def _ask(self, records: list[dict]) -> list[dict]:
        body = {
            "Key": self.key,
            "Addresses": [
                {
                    "Address1": f"{r['number']} {r['street']}",
                    "Locality": r["city"],
                    "Country": r["country"],
                }
                for r in records
            ],
        }
        answer = requests.post(self.URL, json=body, timeout=60)
        answer.raise_for_status()
        return [item["Matches"][0] for item in answer.json()]

    @staticmethod
    def _address(match: dict) -> PostalAddress:
        return PostalAddress(
            match["Thoroughfare"].upper(),
            match["PremiseNumber"],
            match.get("SubBuilding"),
            match["PostalCode"],
            match["Locality"].upper(),
            match["ISO3166-2"],
        )

    def validate(self, address: PostalAddress) -> None:
        match = self._ask([address._asdict()])[0]
        if match["AVC"][0] not in "VP":
            raise InvalidAddress("address", address.one_line())

    def normalise(self, raw: dict) -> PostalAddress:
        return self._address(self._ask([raw])[0])

    def normalise_frame(self, frame: pd.DataFrame):
        rows = []
        records = frame.to_dict("records")
        for start in range(0, len(records), self.batch):
            rows += [
                self._address(m) for m in self._ask(records[start : start + self.batch])
            ]
        clean = pd.DataFrame(rows, index=frame.index)
        return clean, QualityReport(len(frame), len(clean), 0, {})


class DutchAddressNormaliser(AddressNormaliser):
    """AddressNormaliser that knows 'toevoegingen' and spells 'IJ' as one."""

    def __init__(self, **kwargs):
        kwargs.setdefault("default_country", "NL")
        super().__init__(**kwargs)

    def normalise(self, raw: dict) -> PostalAddress:
        raw = dict(raw, city=str(raw.get("city") or "").replace("\u0132", "IJ"))
        if raw.get("toevoeging"):
            raw["number"] = f"{raw['number']}-{raw['toevoeging']}"
        return super().normalise(raw)


class MemoisedNormaliser:
    """Remembers the answers of a normaliser; a third of our records repeat."""

    def __init__(self, inner: AddressNormaliser):
        self.inner = inner
        self.memo: dict = {}
        self.hits = 0

    def validate(self, address: PostalAddress) -> None:
        self.inner.validate(address)

    def normalise(self, raw: dict) -> PostalAddress:
        key = tuple(sorted((k, str(v)) for k, v in raw.items()))
        if key in self.memo:
            self.hits += 1
        else:
            self.memo[key] = self.inner.normalise(raw)
        return self.memo[key]

    def normalise_frame(self, frame: pd.DataFrame):
        unique = frame.drop_duplicates()
        return self.inner.normalise_frame(unique)


class NormaliserFactory:
    """Chooses the normaliser for a country."""

    def __init__(self, memoise: bool = True):
        self.memoise = memoise

    def for_country(self, country: str):
        cls = DutchAddressNormaliser if country == "NL" else AddressNormaliser
        normaliser = cls(default_country=country)
        return MemoisedNormaliser(normaliser) if self.memoise else normaliser

    def for_key_accounts(self) -> AddressBackend:
        return LoqateBackend(os.environ["LOQATE_KEY"])
