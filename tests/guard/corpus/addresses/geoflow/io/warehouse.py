from __future__ import annotations

import pandas as pd
from sqlalchemy import create_engine, text


class Warehouse:
    def __init__(self, url: str):
        self.engine = create_engine(url)

    def write(self, frame: pd.DataFrame, table: str) -> int:
        return frame.to_sql(
            table, self.engine, schema="dwh", if_exists="append", index=False
        )

    def read(self, query: str) -> pd.DataFrame:
        return pd.read_sql(text(query), self.engine)


class SqlAddressStandardizer:
    """Standardizes and checks the postal addresses of a staging table, in place.

    For the supplier load, whose forty million rows do not fit in a frame.
    """

    STEPS = [
        "UPDATE {t} SET street = upper(regexp_replace(trim(street), '\\s+', ' ', 'g'))",
        "UPDATE {t} SET street = regexp_replace(street, '\\mSTR\\.?$', 'STREET')",
        "UPDATE {t} SET street = regexp_replace(street, '\\mRD\\.?$', 'ROAD')",
        "UPDATE {t} SET postcode = upper(replace(postcode, ' ', ''))",
        "UPDATE {t} SET city = upper(trim(city)), country = coalesce(upper(country), 'GB')",
    ]
    CHECK = """
        UPDATE {t} SET address_ok =
            street <> '' AND city <> ''
            AND (country <> 'GB' OR postcode ~ '^[A-Z]{{1,2}}[0-9][A-Z0-9]?[0-9][A-Z]{{2}}$')
    """

    def __init__(self, engine, table: str):
        self.engine = engine
        self.table = table

    def standardize(self) -> int:
        with self.engine.begin() as connection:
            for step in self.STEPS:
                connection.execute(text(step.format(t=self.table)))
            return connection.execute(text(self.CHECK.format(t=self.table))).rowcount

    def bad_rows(self) -> pd.DataFrame:
        return pd.read_sql(
            text(f"SELECT * FROM {self.table} WHERE NOT address_ok"), self.engine
        )
