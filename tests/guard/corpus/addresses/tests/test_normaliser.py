import pytest

from geoflow.refine.factory import MemoisedNormaliser
from geoflow.refine.normaliser import AddressNormaliser
from geoflow.refine.reference import PostcodeRules
from geoflow.refine.schema import InvalidAddress
from geoflow.stages.core import AddressStage


def test_frame(raw_frame):
    clean, report = AddressNormaliser().normalise_frame(raw_frame)
    assert report.share_valid == 1.0
    assert clean.iloc[0]["street"] == "HIGH STREET"


def test_refuses_postcode():
    with pytest.raises(InvalidAddress):
        AddressNormaliser().normalise(
            {"street": "High St", "number": "1", "postcode": "1", "city": "Leeds"}
        )


def test_memo():
    memo = MemoisedNormaliser(AddressNormaliser())
    raw = {"street": "High St", "number": "1", "postcode": "LS1 4AP", "city": "Leeds"}
    assert memo.normalise(raw) is memo.normalise(raw)
    assert memo.hits == 1


def test_stage(raw_frame, pass_through):
    assert len(AddressStage(pass_through)(raw_frame)) == 1


@pytest.mark.parametrize("raw, tidy", [("1012ab", "1012 AB"), ("1012 AB", "1012 AB")])
def test_dutch_postcodes(raw, tidy):
    assert PostcodeRules().tidy(raw, "NL") == tidy
