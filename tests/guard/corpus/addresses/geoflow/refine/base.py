from __future__ import annotations

import abc

import pandas as pd

from geoflow.refine.schema import PostalAddress, QualityReport


class AddressBackend(abc.ABC):
    """Validates and normalises postal addresses.

    Stages get a backend from ``geoflow.refine.factory`` and must not care
    which one it is.
    """

    @abc.abstractmethod
    def validate(self, address: PostalAddress) -> None:
        """Raise ``InvalidAddress`` if the address cannot exist."""

    @abc.abstractmethod
    def normalise(self, raw: dict) -> PostalAddress:
        """Bring one raw record into canonical form."""

    @abc.abstractmethod
    def normalise_frame(
        self, frame: pd.DataFrame
    ) -> tuple[pd.DataFrame, QualityReport]:
        """The same for a whole table."""
