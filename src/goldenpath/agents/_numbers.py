"""Numbers that are exact where they can be, and how they are written for people."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction

from goldenpath.errors import AgentError

Number = Fraction | float

# About 3,000 digits: below the 4,300 at which Python refuses to write an integer.
MAX_BITS = 10_000
# A longer whole number is shown rounded in an answer; a tool's result has it all.
SHOWN_DIGITS = 60
_MOST_PLACES = 30


def bounded(value: Number) -> Number:
    """Return a value that is finite and not too long to write down.

    Raises:
        AgentError: It is not.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise AgentError("The result is too large to calculate", retryable=False)
        return value
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise AgentError("The result is too large to write down", retryable=False)
    return value


def rounded(value: Number, digits: int = 12) -> str:
    """Return a value in decimal, to that many significant digits."""
    context = decimal.Context(prec=digits, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
    exact = Fraction(value)
    quotient = context.divide(
        decimal.Decimal(exact.numerator), decimal.Decimal(exact.denominator)
    )
    if quotient and not -7 <= quotient.adjusted() <= 20:
        return _power_of_ten(quotient)
    return _without_zeros(f"{quotient:f}")


def exactly(value: Number) -> str | None:
    """Return all of a value's digits, or nothing if they do not end."""
    if isinstance(value, float):
        return None
    if value.denominator == 1:
        return str(value.numerator)
    # A decimal ends when its denominator has no primes but 2 and 5.
    places, rest = 0, value.denominator
    for prime in (2, 5):
        count = 0
        while count <= _MOST_PLACES and rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    if rest != 1 or places > _MOST_PLACES:
        return None
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    digits = digits.rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return _without_zeros(f"{sign}{digits[:-places]}.{digits[-places:]}")


def shown(value: Number) -> str:
    """Return how an answer writes a value: with thousands, and ≈ if it is rounded."""
    exact = exactly(value)
    if exact is not None and len(exact) <= SHOWN_DIGITS:
        return _with_thousands(exact)
    about = _with_thousands(rounded(value))
    if isinstance(value, Fraction) and value.denominator != 1:
        fraction = f"{value.numerator}/{value.denominator}"
        if len(fraction) <= 20:
            return f"{fraction} ≈ {about}"
    return f"≈ {about}"


def _with_thousands(digits: str) -> str:
    if not digits.lstrip("-").replace(".", "", 1).isdecimal():
        return digits
    whole, point, rest = digits.lstrip("-").partition(".")
    sign = "-" if digits.startswith("-") else ""
    grouped = f"{int(whole):,}" if len(whole) > 4 else whole
    return f"{sign}{grouped}{point}{rest}"


def _without_zeros(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _power_of_ten(value: decimal.Decimal) -> str:
    mantissa, _, exponent = f"{value:e}".partition("e")
    return f"{_without_zeros(mantissa)}e{int(exponent)}"
