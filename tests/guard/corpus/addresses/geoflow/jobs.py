"""Entry points of the scheduler."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import pandas as pd

from geoflow.io.warehouse import SqlAddressStandardizer, Warehouse
from geoflow.legacy.addr_clean import clean_stores
from geoflow.refine.factory import NormaliserFactory
from geoflow.stages.core import AddressStage, ColumnNormaliser, FrameValidator
from geoflow.utils.usps import UspsScrubber

LANDING = Path("/data/landing")


def customers(warehouse: Warehouse, country: str) -> int:
    stages = [
        FrameValidator(
            ["customer_id", "street", "postcode", "city"], key="customer_id"
        ),
        AddressStage(NormaliserFactory(memoise=False).for_country(country)),
        ColumnNormaliser(["revenue", "visits"]),
    ]
    frame = pd.read_csv(LANDING / f"customers_{country}.csv", dtype=str)
    return warehouse.write(reduce(lambda f, stage: stage(f), stages, frame), "customer")


def suppliers(warehouse: Warehouse) -> None:
    standardizer = SqlAddressStandardizer(warehouse.engine, "staging.supplier")
    standardizer.standardize()
    standardizer.bad_rows().to_csv("/data/rejects/suppliers.csv")


def stores(warehouse: Warehouse) -> None:
    rows = clean_stores(LANDING / "stores.txt")
    warehouse.write(pd.DataFrame(rows, columns=["street", "city", "postcode"]), "store")


def american_subsidiary() -> int:
    scrubber = UspsScrubber(Path("/data/reference/zips.csv"))
    return scrubber.scrub_file(LANDING / "us.csv", Path("/data/clean/us.csv"))
