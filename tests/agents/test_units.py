"""Units are converted by their definitions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenpath.agents._units import _EXACT, convert_units, find_conversion
from goldenpath.errors import AgentError


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("10", "km", "m", 10_000),
        ("1", "mile", "km", Fraction("1.609344")),
        ("5", "lb", "kg", Fraction("2.26796185")),
        ("3", "cups", "ml", Fraction("709.7647095")),
        ("12", "inches", "ft", 1),
        ("1,000", "m", "km", 1),
        ("1/2", "h", "min", 30),
        ("1", "GiB", "MiB", 1024),
        ("8", "Mb", "MB", 1),
        ("1", "mb", "kb", 1000),
        ("36", "km/h", "m/s", 10),
        ("1", "sq ft", "m2", Fraction("0.09290304")),
        ("72", "F", "C", Fraction(200, 9)),
        ("-40", "°C", "°F", -40),
        ("0", "celsius", "kelvin", Fraction("273.15")),
        ("100", "degrees celsius", "fahrenheit", 212),
    ],
)
def test_a_value_is_converted(value, source, target, expected):
    assert convert_units(value, source, target) == expected


def test_a_rounded_value_stays_rounded():
    assert convert_units("sqrt(2)", "km", "m") == pytest.approx(1414.2135)
    assert convert_units("sqrt(2)", "C", "K") == pytest.approx(274.5642)


@pytest.mark.parametrize(
    ("value", "source", "target", "text"),
    [
        ("1", "kg", "km", "'kg' measures weight and 'km' measures length"),
        ("1", "flurb", "km", "'flurb' is no unit"),
        ("1", "C", "km", "a temperature cannot be given in 'km'"),
        ("1", "km", "C", "a temperature cannot be given in 'km'"),
        ("-300", "C", "F", "absolute zero"),
        ("1/0", "km", "m", "division by zero"),
        ("x", "km", "m", "Cannot calculate"),
    ],
)
def test_what_cannot_be_converted_says_why(value, source, target, text):
    with pytest.raises(AgentError, match=text):
        convert_units(value, source, target)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("10 km in miles", ("10", "km", "mi")),
        ("72 F to C", ("72", "°F", "°C")),
        ("5lb in kg?", ("5", "lb", "kg")),
        ("Convert 1,000.5 m into feet", ("1,000.5", "m", "ft")),
        ("what is 3 cups in ml", ("3", "cup", "ml")),
        ("how many ml are in 3 cups?", ("3", "cup", "ml")),
        ("how many feet in 1 mile", ("1", "mi", "ft")),
        ("- 5 °C to °F", ("-5", "°C", "°F")),
        ("12 in in cm", ("12", "in", "cm")),
        ("5 flurbs in kg", ("5", "flurbs", "kg")),
        ("what is 5 in binary", None),
        ("what is 5 plus 3 in french", None),
        ("two km in miles", None),
        ("how many people in 5 rooms", None),
        ("km", None),
        ("10 km in miles" + " " * 300, None),
    ],
)
def test_a_message_asks_for_a_conversion_or_not(message, found):
    assert find_conversion(message) == found


@settings(database=None, deadline=None)
@given(st.sampled_from(sorted(_EXACT)), st.sampled_from(sorted(_EXACT)))
def test_there_and_back_is_the_same(source, target):
    if _EXACT[source][1] != _EXACT[target][1]:
        return
    there = convert_units("7", source, target)

    assert there * convert_units("1", target, source) == 7
