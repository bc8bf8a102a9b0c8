# copied out of geoflow 2.x so that the notebooks run without the package  -- mk
import re
import unicodedata

import pandas as pd

STREETS = {
    "ST": "STREET",
    "RD": "ROAD",
    "AVE": "AVENUE",
    "SQ": "SQUARE",
    "CRES": "CRESCENT",
}
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")


class AddressNormalizer:
    def __init__(self, default_country="GB"):
        self.default_country = default_country
        self.errors = []

    def validate(self, row):
        return bool(row["street"]) and bool(POSTCODE.fullmatch(row["postcode"]))

    def normalize(self, row):
        street = self._fold(row["street"]).replace(".", "")
        code = re.sub(r"[^A-Z0-9]", "", str(row["postcode"]).upper())
        return {
            "street": " ".join(STREETS.get(w, w) for w in street.split()),
            "postcode": code[:-3] + " " + code[-3:],
            "city": self._fold(row["city"]),
            "country": row.get("country") or self.default_country,
        }

    def normalize_frame(self, df):
        rows = []
        for i, row in df.iterrows():
            clean = self.normalize(row)
            if self.validate(clean):
                rows.append(clean)
            else:
                self.errors.append(i)
        return pd.DataFrame(rows)

    @staticmethod
    def _fold(s):
        return (
            unicodedata.normalize("NFKD", str(s))
            .encode("ascii", "ignore")
            .decode()
            .upper()
            .strip()
        )


if __name__ == "__main__":
    an = AddressNormalizer()
    an.normalize_frame(pd.read_parquet("customers.parquet")).to_parquet(
        "customers_clean.parquet"
    )
