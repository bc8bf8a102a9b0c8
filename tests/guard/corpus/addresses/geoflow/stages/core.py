"""Pipeline stages: a frame in, a frame out."""

from __future__ import annotations

import logging
from typing import Iterable

import pandas as pd

from geoflow.refine.normaliser import AddressNormaliser

logger = logging.getLogger(__name__)


class Stage:
    name = "stage"

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        raise NotImplementedError


class AddressStage(Stage):
    """An AddressNormaliser as a stage."""

    name = "addresses"

    def __init__(self, normaliser: AddressNormaliser):
        self.normaliser = normaliser

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        clean, report = self.normaliser.normalise_frame(frame)
        logger.info("%s of %s addresses valid", report.valid, report.rows)
        return frame.drop(columns=clean.columns, errors="ignore").join(
            clean, how="inner"
        )


class ColumnNormaliser(Stage):
    """Scales numeric columns to mean 0 and deviation 1, for the churn model."""

    name = "scale"

    def __init__(self, columns: Iterable[str]):
        self.columns = list(columns)
        self.mean_ = None
        self.std_ = None

    def fit(self, frame: pd.DataFrame) -> "ColumnNormaliser":
        self.mean_ = frame[self.columns].mean()
        self.std_ = frame[self.columns].std().replace(0, 1)
        return self

    def normalise_frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        scaled = (frame[self.columns] - self.mean_) / self.std_
        return frame.assign(**{c: scaled[c] for c in self.columns})

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        return self.fit(frame).normalise_frame(frame)


class FrameValidator(Stage):
    """Stops the load if columns are missing or keys repeat."""

    name = "validate"

    def __init__(self, required: Iterable[str], key: str):
        self.required = set(required)
        self.key = key

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        missing = self.required - set(frame.columns)
        if missing:
            raise ValueError(f"missing columns: {sorted(missing)}")
        if frame[self.key].duplicated().any():
            raise ValueError(f"{self.key} is not unique")
        return frame
