import pandas as pd
import pytest

from geoflow.refine.schema import PostalAddress, QualityReport


class PassThroughNormaliser:
    """Believes everything."""

    def validate(self, address):
        return None

    def normalise(self, raw):
        return PostalAddress(
            raw["street"], raw["number"], None, raw["postcode"], raw["city"], "GB"
        )

    def normalise_frame(self, frame):
        return frame, QualityReport(len(frame), len(frame), 0, {})


@pytest.fixture
def raw_frame():
    return pd.DataFrame(
        [
            {
                "street": "High St.",
                "number": "1",
                "postcode": "ls14ap",
                "city": "Leeds",
                "country": "GB",
            }
        ]
    )


@pytest.fixture
def pass_through():
    return PassThroughNormaliser()
