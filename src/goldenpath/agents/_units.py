"""Conversion between units of measure, by one table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from goldenpath.agents._arithmetic import evaluate
from goldenpath.agents._numbers import Number, bounded
from goldenpath.errors import AgentError

# Quantity: each unit's names, and its size in the quantity's first unit. Sizes are
# exact where a unit is defined by another (all but au, ly and psi, which are
# rounded in their last place); volumes and short weights are those of the US.
_TABLE = """
length     m metre meter:1  km kilometre kilometer:1000
           cm centimetre centimeter:1/100  mm millimetre millimeter:1/1000
           in inch inches ":0.0254  ft foot feet ':0.3048  yd yard:0.9144
           mi mile:1609.344  nmi nautical_mile:1852  light_year ly:9460730472580800
           au:149597870700
weight     kg kilogram kilo:1  g gram:1/1000  mg milligram:1/1000000  t tonne:1000
           lb lbs pound:0.45359237  oz ounce:0.028349523125  st stone:6.35029318
           ton short_ton:907.18474
volume     l litre liter:1  ml millilitre milliliter:1/1000
           cl centilitre centiliter:1/100  dl decilitre deciliter:1/10
           m3 cubic_metre cubic_meter:1000  tsp teaspoon:0.00492892159375
           tbsp tablespoon:0.01478676478125  cup:0.2365882365
           floz fl_oz fluid_ounce:0.0295735295625  pt pint:0.473176473
           qt quart:0.946352946  gal gallon:3.785411784
time       s sec second:1  ms millisecond:1/1000  min minute:60  h hr hour:3600
           d day:86400  week wk:604800  year yr:31557600
speed      m/s mps:1  km/h kmh kph kilometres_per_hour kilometers_per_hour:5/18
           mph miles_per_hour mi/h:0.44704  kn knot kt:1852/3600  ft/s fps:0.3048
area       m2 m² sqm square_metre square_meter:1
           km2 km² square_kilometre square_kilometer:1000000  ha hectare:10000
           acre:4046.8564224  sqft ft2 ft² sq_ft square_foot square_feet:0.09290304
           sq_mi mi2 square_mile:2589988.110336
data       B byte:1  bit:1/8  kB kilobyte:1000  MB megabyte:1000000
           GB gigabyte:1000000000  TB terabyte:1000000000000  KiB kibibyte:1024
           MiB mebibyte:1048576  GiB gibibyte:1073741824  TiB tebibyte:1099511627776
           kbit Kb kilobit:125  Mbit Mb megabit:125000  Gbit Gb gigabit:125000000
energy     J joule:1  kJ kilojoule:1000  cal calorie:4.184  kcal kilocalorie:4184
           Wh watt_hour:3600  kWh kilowatt_hour:3600000
pressure   Pa pascal:1  hPa hectopascal:100  kPa kilopascal:1000  bar:100000
           psi:6894.757293168  atm atmosphere:101325
"""

# Temperatures have no common zero: (size of a degree in kelvin, kelvin at zero).
_TEMPERATURES: dict[str, tuple[Fraction, Fraction]] = {
    "K": (Fraction(1), Fraction(0)),
    "°C": (Fraction(1), Fraction("273.15")),
    "°F": (Fraction(5, 9), Fraction("459.67") * Fraction(5, 9)),
}
_TEMPERATURE_NAMES = {
    "k": "K", "kelvin": "K", "c": "°C", "°c": "°C", "celsius": "°C",
    "f": "°F", "°f": "°F", "fahrenheit": "°F",
}  # fmt: skip

_NUMBER = r"(?P<value>[-+−]?\s?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,3})?(?:/\d+)?)"
_UNIT = r"[a-z°\"'µ][a-z0-9°²³/ ]{0,30}?"
_SOURCE, _TARGET = f"(?P<source>{_UNIT})", f"(?P<target>{_UNIT})"
_ASKED = r"(?:convert |what(?:'s|’s| is) |how much is )?"
_ARE_IN = r"(?:are (?:there )?in|is|are|in)"
_QUESTIONS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_ASKED}{_NUMBER}\s*{_SOURCE}\s+(?:in|to|into|as)\s+{_TARGET}\s*\??$",
        rf"^how many {_TARGET}\s+{_ARE_IN}\s+{_NUMBER}\s*{_SOURCE}\s*\??$",
    )
]


def convert_units(value: str, source: str, target: str) -> Number:
    """Return how much of one unit is a value in another.

    Raises:
        AgentError: A unit is unknown, or the two measure different things.
    """
    amount = evaluate(value)
    warm = _temperature(source), _temperature(target)
    if warm[0] and warm[1]:
        return _convert_temperature(amount, warm[0], warm[1])
    if any(warm):
        other = target if warm[0] else source
        raise _refusal(f"a temperature cannot be given in {other!r}")
    (_, quantity, size), (_, other_quantity, other_size) = _find(source), _find(target)
    if quantity != other_quantity:
        raise _refusal(
            f"{source!r} measures {quantity} and {target!r} measures {other_quantity}"
        )
    if isinstance(amount, float):
        return bounded(amount * float(size / other_size))
    return bounded(amount * size / other_size)


def find_conversion(message: str) -> tuple[str, str, str] | None:
    """Return value, source and target if a message asks for a conversion.

    One of the units must be known: *what is 5 in binary* is something else.
    """
    text = " ".join(message.split()) if len(message) <= 200 else ""
    for question in _QUESTIONS:
        if match := question.match(text):
            value, source, target = match.group("value", "source", "target")
            if _is_unit(source) or _is_unit(target):
                return value.replace(" ", ""), _canonical(source), _canonical(target)
    return None


def _entries() -> Iterator[tuple[str, str, str, Fraction]]:
    """Yield (name, canonical name, quantity, size) of all units."""
    quantity = ""
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            quantity, _, line = line.partition(" ")  # noqa: PLW2901 - the rest of it
        for entry in line.strip().split("  "):
            names, _, size = entry.strip().rpartition(":")
            for name in names.split():
                yield name, names.split()[0], quantity, _size(size)


def _size(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


# Case tells MB from Mb; where it tells nothing, people do not keep to it.
_EXACT: dict[str, tuple[str, str, Fraction]] = {
    name: (canonical, quantity, size) for name, canonical, quantity, size in _entries()
}
_LOOSE = {name.lower(): entry for name, entry in reversed(_EXACT.items())}


def _lookup(unit: str) -> tuple[str, str, Fraction] | None:
    name = unit.strip().replace(" ", "_")
    for spelling in (name, name.removesuffix("s")):
        if found := _EXACT.get(spelling) or _LOOSE.get(spelling.lower()):
            return found
    return None


def _find(unit: str) -> tuple[str, str, Fraction]:
    if found := _lookup(unit):
        return found
    raise _refusal(f"{unit!r} is no unit that is known here")


def _temperature(unit: str) -> str | None:
    """Return a temperature's sign, or nothing for other units."""
    name = re.sub(r"^(?:degrees?|deg)\s*", "", unit.strip().lower())
    return _TEMPERATURE_NAMES.get(name)


def _is_unit(unit: str) -> bool:
    return bool(_temperature(unit) or _lookup(unit))


def _canonical(unit: str) -> str:
    """Return a unit's sign, or what was typed if it is unknown."""
    found = _lookup(unit)
    return _temperature(unit) or (found[0] if found else unit.strip())


def _convert_temperature(amount: Number, source: str, target: str) -> Number:
    (size, zero), (other_size, other_zero) = (
        _TEMPERATURES[source],
        _TEMPERATURES[target],
    )
    kelvin = Fraction(amount) * size + zero
    if kelvin < 0:
        raise _refusal("nothing is colder than absolute zero (-273.15 °C)")
    return bounded((kelvin - other_zero) / other_size)


def _refusal(text: str) -> AgentError:
    return AgentError(f"Cannot convert that: {text}", retryable=False)
