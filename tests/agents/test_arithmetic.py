"""Arithmetic agrees with Python's fractions, and ends at once whatever is typed."""

import math
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenpath.agents._arithmetic import MAX_CHARACTERS, evaluate, find_expression
from goldenpath.agents._numbers import MAX_BITS
from goldenpath.errors import AgentError

# No example database: two checkouts would share it, and a failure prints its seed.
LAW = settings(deadline=None, max_examples=150, database=None)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2**2", -4),
        ("2**3**2", 512),
        ("2**-1", Fraction(1, 2)),
        ("--3", 3),
        ("+3", 3),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1/3 + 1/6", Fraction(1, 2)),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("7 % 3", 1),
        ("7 % (-3)", -2),
        ("15% of 80", 12),
        ("15 percent of 80", 12),
        ("50%", Fraction(1, 2)),
        ("200 + 10%", 220),
        ("200 - 10%", 180),
        ("200 * 10%", 20),
        ("10% - 3", Fraction(-29, 10)),
        ("1 + 10% * 2", Fraction(6, 5)),
        ("1 + (10%)", Fraction(11, 10)),
        ("1 + 10%**2", Fraction(101, 100)),
        ("3 × 4 ÷ 2 − 1 · 1", 5),
        ("5 x 3", 15),
        ("5 plus 3 times 2", 11),
        ("5 squared", 25),
        ("2 to the power of 10", 1024),
        ("9 divided by 2", Fraction(9, 2)),
        ("17 mod 5", 2),
        ("1,234,567 * 2", 2469134),
        ("1,234.5 + 0", Fraction(2469, 2)),
        ("1e3 + 1", 1001),
        ("1.5e-3*1", Fraction(3, 2000)),
        (".5 + 1.", Fraction(3, 2)),
        ("max(1,200)", 200),
        ("min(3, 1, 2)", 1),
        ("abs(-5)", 5),
        ("round(3.14159, 2)", Fraction(157, 50)),
        ("round(2.6)", 3),
        ("floor(-1.5) + ceil(1.2)", 0),
        ("factorial(5)", 120),
        ("5! / 3!", 20),
        ("3!%", Fraction(6, 100)),
        ("50%!0", None),
        ("sqrt(16)", 4),
        ("sqrt 16 * 2", 8),
        ("√16", 4),
        ("square root of 16", 4),
        ("sqrt(1/4)", Fraction(1, 2)),
        ("9**0.5", 3),
        ("(-1)**1", -1),
        ("(-1)**1000000001", -1),
        ("(-1)**-1000000000", 1),
        ("1**(10**9)", 1),
        ("0**0", 1),
    ],
)
def test_values_are_exact(expression, value):
    if value is None:
        with pytest.raises(AgentError):
            evaluate(expression)
        return
    assert evaluate(expression) == value
    assert isinstance(evaluate(expression), Fraction)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sqrt(2)", math.sqrt(2)),
        ("sqrt(pi)", math.sqrt(math.pi)),
        ("2**0.25", 2**0.25),
        ("pi * 2", math.tau),
        ("e**2", math.e**2),
        ("ln(10)", math.log(10)),
        ("log10(1000)", 3),
        ("sqrt(2) + 1/2", math.sqrt(2) + 0.5),
        ("pi // 2", 1),
        ("pi % 2", math.pi % 2),
        ("0**pi", 0),
        ("0**(pi - pi)", 1),
        ("(0-sqrt(2))**(4/2)", 2),
    ],
)
def test_values_that_have_no_end_are_rounded(expression, value):
    assert evaluate(expression) == pytest.approx(value)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("1/0", "division by zero"),
        ("1//0", "division by zero"),
        ("1 % 0", "division by zero"),
        ("0**-1", "division by zero"),
        ("0**(0-pi)", "division by zero"),
        ("pi / 0", "division by zero"),
        ("2**10**10", "too large"),
        ("10**(10**10)", "too large"),
        ("(1/2)**(10**9)", "too large"),
        ("pi**10000", "too large"),
        ("(10**400) * pi", "too large"),
        ("e**1000", "too large"),
        ("1001!", "up to 1000"),
        ("1000! * 1000!", "too large"),
        ("1e9999", "too large"),
        ("(-1)!", "not negative"),
        ("1.5!", "not negative"),
        ("(-8)**(1/3)", "not a real number"),
        ("sqrt(-1)", "not a real number"),
        ("ln(0)", "above zero"),
        ("round(1, 1000)", "at most 100 places"),
        ("round(1, 1/2)", "at most 100 places"),
        ("(1", "not closed"),
        ("max(1", "not closed"),
        ("1 2", "did not expect '2'"),
        ("1 +", "at the end"),
        ("", "at the end"),
        ("* 2", "found '*'"),
        ("abs 5", "needs parentheses"),
        ("abs(1, 2)", "cannot take 2 values"),
        ("foo(1)", "found 'foo'"),
        ("__import__('os')", "is no arithmetic"),
        ("1; 2", "is no arithmetic"),
        ("٣ + 1", "is no arithmetic"),
        ("(" * 100, "nests at most"),
        ("-" * 100 + "1", "nests at most"),
        ("√" * 100 + "1", "nests at most"),
        ("1+" * MAX_CHARACTERS + "1", "at most 500 characters"),
    ],
)
def test_what_has_no_value_says_why(expression, text):
    began = time.perf_counter()
    with pytest.raises(AgentError) as caught:
        evaluate(expression)

    assert text in str(caught.value)
    assert not caught.value.retryable
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("message", "expression"),
    [
        ("15% of 80", "15% of 80"),
        ("What is 12 * 12?", "12 * 12"),
        ("please calculate: 2+2", "2+2"),
        ("how much is 20 percent of 50", "20 percent of 50"),
        ("= 1 + 1 =", "1 + 1"),
        ("10!", "10!"),
        ("sqrt 16", "sqrt 16"),
        ("1/0", "1/0"),
        ("what’s 5 squared", "5 squared"),
        ("42", None),
        ("what is 42", None),
        ("pi", None),
        ("+", None),
        ("hello", None),
        ("", None),
        ("5 apples + 3", None),
        ("what is the meaning of life", None),
        ("1+" * 10_000, None),
    ],
)
def test_a_message_is_arithmetic_or_not(message, expression):
    assert find_expression(message) == expression


def _binary(children):
    operators = st.sampled_from(["+", "-", "*", "/", "//", "%"])
    return st.tuples(children, operators, children).map(
        lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
    )


EXPRESSIONS = st.recursive(
    st.integers(0, 999).map(str) | st.decimals(0, 99, places=2).map(str),
    lambda children: _binary(children) | children.map(lambda child: f"-({child})"),
    max_leaves=12,
)


@LAW
@given(EXPRESSIONS)
def test_it_agrees_with_python(expression):
    """Python is the oracle: its literals made exact, its operators unchanged."""
    import re

    exact = re.sub(r"\d+(?:\.\d+)?", lambda m: f"Fraction('{m[0]}')", expression)
    try:
        expected = eval(exact, {"Fraction": Fraction})
    except ZeroDivisionError:
        with pytest.raises(AgentError, match="division by zero"):
            evaluate(expression)
        return

    assert evaluate(expression) == expected


@LAW
@given(st.integers(-50, 50), st.integers(-20, 20))
def test_powers_agree_with_python(base, exponent):
    if base == 0 and exponent < 0:
        return
    assert evaluate(f"({base})**({exponent})") == Fraction(base) ** exponent


TYPED = """
    0 1 9 10 1e9 .5 1, 000 999999 ( ) + - * / // % ** ! ^ √ , . of x pi e ² é \x00
    sqrt( max( round( abs( ln( floor( log10( factorial(
"""
PIECES = st.sampled_from([*TYPED.split(), " ", "\n"])


@LAW
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80))
def test_whatever_is_typed_ends_at_once_with_a_value_or_its_own_error(text):
    began = time.perf_counter()
    find_expression(text)
    try:
        value = evaluate(text)
    except AgentError:
        value = Fraction(0)
    if isinstance(value, float):
        assert math.isfinite(value)
    else:
        assert value.numerator.bit_length() <= MAX_BITS
    assert time.perf_counter() - began < 2
