"""Arithmetic on what a person typed: exact where that is possible, always bounded.

Rule 1: nothing is handed to ``eval``; what is not in the grammar is refused.
Rule 2: every value is at most MAX_BITS long, looked at before it is computed, so
        no expression of MAX_CHARACTERS takes longer than a moment.
Rule 3: the only error is :class:`AgentError`, with a text for the person.

The grammar, loosest first::

    sum      product (("+" | "-") product)*
    product  unary (("*" | "/" | "//" | "%" | "of") unary)*
    unary    ("-" | "+") unary | power
    power    postfix ("**" unary)?
    postfix  atom ("!" | "%")*
    atom     number | constant | "(" sum ")" | name "(" sum ("," sum)* ")"

A ``%`` is a remainder if an operand follows and a percentage if not: ``7 % 3`` is
1, ``15% of 80`` is 12. As on a pocket calculator, ``200 + 10%`` is 220.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction

from goldenpath.agents._numbers import MAX_BITS, Number, bounded, rounded
from goldenpath.errors import AgentError

MAX_CHARACTERS = 500
# Parentheses, signs and powers nest on Python's own stack.
MAX_DEPTH = 50
# 1000! has 8530 bits, the largest round number below MAX_BITS.
MAX_FACTORIAL = 1000
MAX_PLACES = 100

_SPELLINGS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
_WORDS = [
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\bplus\b", "+"),
        (r"\bminus\b", "-"),
        (r"\b(?:times|multiplied by)\b", "*"),
        (r"\b(?:divided by|over)\b", "/"),
        (r"\b(?:to the power of|to the power)\b", "**"),
        (r"\bsquared\b", "**2"),
        (r"\bcubed\b", "**3"),
        (r"\b(?:percent|per cent)\b", "%"),
        (r"\b(?:modulo|mod)\b", " % "),
        (r"\b(?:the )?square root of\s+(?=[\d.(])", "√"),
        (r"(?<=[\d)])\s*x\s*(?=[\d(.])", "*"),
        (r"\^", "**"),
    )
]
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4}(?![\w.]))?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*)|(?P<sign>\*\*|//|[-+*/%()!,√]))",
    re.ASCII,
)
_THOUSANDS = re.compile(
    r"\s*(?P<number>\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?)", re.ASCII
)
_PREFIX = re.compile(
    r"^\s*(?:(?:please\s+)?(?:calculate|compute|evaluate|work out)\b:?"
    r"|(?:what(?:'s|’s| is)|how much is)\b|=)?\s*",
    re.IGNORECASE,
)
_CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e, "tau": math.tau}


def evaluate(expression: str) -> Number:
    """Compute an expression.

    Returns:
        A ``Fraction`` if the value is exact, a finite ``float`` if not.

    Raises:
        AgentError: It is no arithmetic, has no value, or is too large.
    """
    if len(expression) > MAX_CHARACTERS:
        raise _refusal(f"an expression has at most {MAX_CHARACTERS} characters")
    parser = _Parser(_tokens(_plain(expression)))
    try:
        return parser.whole()
    except ZeroDivisionError:
        raise _refusal("division by zero has no value") from None
    except OverflowError:
        raise _refusal("the result is too large") from None


def find_expression(message: str) -> str | None:
    """Return the arithmetic that a message asks for, if that is all it asks.

    A number alone is no question, and neither is a text with other words in it.
    """
    if len(message) > MAX_CHARACTERS + 50:
        return None
    expression = _PREFIX.sub("", message, count=1).strip().rstrip("?=. ")
    try:
        tokens = _tokens(_plain(expression))
    except AgentError:
        return None
    kinds = {kind for kind, _ in tokens}
    names = {text for kind, text in tokens if kind == "name"}
    known = names <= {*_FUNCTIONS, *_CONSTANTS, "of"}
    asks = "sign" in kinds or bool(names - {*_CONSTANTS})
    return expression if known and asks and "number" in kinds else None


def _plain(expression: str) -> str:
    """Return an expression with one spelling for each sign."""
    plain = expression.translate(_SPELLINGS)
    for pattern, replacement in _WORDS:
        plain = pattern.sub(replacement, plain)
    return plain


def _tokens(expression: str) -> list[tuple[str, str]]:
    """Return (kind, text) pairs; kinds are number, name and sign."""
    tokens: list[tuple[str, str]] = []
    # In ``max(1,200)`` a comma separates, elsewhere ``1,200`` is one number.
    calls: list[bool] = []
    position, end = 0, len(expression.rstrip())
    while position < end:
        grouped = None if calls and calls[-1] else _THOUSANDS
        match = grouped.match(expression, position) if grouped else None
        match = match or _TOKEN.match(expression, position)
        if match is None:
            raise _refusal(
                f"{expression[position:end].strip()[:20]!r} is no arithmetic"
            )
        kind = str(match.lastgroup)
        text = match[kind].replace(",", "") if kind == "number" else match[kind]
        if text == "(":
            calls.append(bool(tokens) and tokens[-1][0] == "name")
        elif text == ")" and calls:
            calls.pop()
        tokens.append((kind, text.lower() if kind == "name" else text))
        position = match.end()
    return tokens


class _Parser:
    """One pass over the tokens that computes as it reads."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0
        self._is_percentage = False

    def whole(self) -> Number:
        """Return the value of all tokens."""
        value = self._sum()
        if self._position < len(self._tokens):
            raise _refusal(f"did not expect {self._peek()!r} there")
        return value

    def _peek(self, ahead: int = 0) -> str:
        index = self._position + ahead
        return self._tokens[index][1] if index < len(self._tokens) else ""

    def _take(self, *choices: str) -> str:
        """Return the next token and go on, if it is one of the choices."""
        text = self._peek()
        if not text or text not in choices:
            return ""
        self._position += 1
        return text

    def _sum(self) -> Number:
        value = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            if self._is_percentage:
                right = _apply(operator.mul, value, right)
            value = _apply(operator.add if sign == "+" else operator.sub, value, right)
            self._is_percentage = False
        return value

    def _product(self) -> Number:
        value = self._unary()
        while sign := self._take("*", "/", "//", "%", "of"):
            value = _apply(_PRODUCTS[sign], value, self._unary())
            self._is_percentage = False
        return value

    def _unary(self) -> Number:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _refusal(f"an expression nests at most {MAX_DEPTH} deep")
        sign = self._take("-", "+")
        value = self._unary() if sign else self._power()
        self._depth -= 1
        return -value if sign == "-" else value

    def _power(self) -> Number:
        base = self._postfix()
        if not self._take("**"):
            return base
        value = _power(base, self._unary())
        self._is_percentage = False
        return value

    def _postfix(self) -> Number:
        value = self._atom()
        self._is_percentage = False
        while True:
            if self._take("!"):
                value = _factorial(value)
                self._is_percentage = False
            elif self._peek() == "%" and not self._operand_follows():
                self._take("%")
                value = _apply(operator.truediv, value, Fraction(100))
                self._is_percentage = True
            else:
                return value

    def _operand_follows(self) -> bool:
        """Return whether the token after this one begins an operand.

        A sign does not count: ``10% - 3`` takes 3 from a tenth.
        """
        following = self._peek(1)
        return following != "of" and following[:1] not in ("", *"+-*/%)!,")

    def _atom(self) -> Number:
        kind, text = (
            self._tokens[self._position]
            if self._position < len(self._tokens)
            else ("", "")
        )
        self._position += 1
        if kind == "number":
            return bounded(_read(text))
        if text == "(":
            return self._closed(self._sum())
        if text == "√":
            return _square_root(self._unary())
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text in _FUNCTIONS:
            return self._call(text)
        expected = f", found {text!r}" if text else " at the end"
        raise _refusal(f"expected a number{expected}")

    def _call(self, name: str) -> Number:
        function, fewest, most = _FUNCTIONS[name]
        if not self._take("("):
            # ``sqrt 16`` is how people say it; others need their parentheses.
            if name != "sqrt":
                raise _refusal(f"{name!r} needs parentheses")
            return function(self._unary())
        values = [self._sum()]
        while self._take(","):
            values.append(self._sum())
        self._closed(values[0])
        if not fewest <= len(values) <= most:
            raise _refusal(f"{name!r} cannot take {len(values)} values")
        return bounded(function(*values))

    def _closed(self, value: Number) -> Number:
        if not self._take(")"):
            raise _refusal("a parenthesis is not closed")
        return value


def _read(text: str) -> Number:
    """Return the value of a number's digits."""
    mantissa, _, exponent = text.lower().partition("e")
    if abs(int(exponent or 0)) > MAX_BITS // 4:
        raise _refusal(f"the number {text!r} is too large")
    return Fraction(mantissa.rstrip(".")) * Fraction(10) ** int(exponent or 0)


def _apply(
    operation: Callable[[Number, Number], Number], left: Number, right: Number
) -> Number:
    """Return a binary operation's value: exact if both sides are."""
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return bounded(operation(left, right))


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(exponent, Fraction) and isinstance(base, Fraction):
        if exponent.denominator == 1:
            return _exact_power(base, exponent.numerator)
        if exponent == Fraction(1, 2):
            return _square_root(base)
    if base < 0 and float(exponent) % 1:
        raise _refusal("a root of a negative number is not a real number")
    return bounded(math.pow(float(base), float(exponent)) if base else _zero(exponent))


def _zero(exponent: Number) -> float:
    """Return a power of nothing."""
    if exponent < 0:
        raise ZeroDivisionError
    return 1.0 if exponent == 0 else 0.0


def _exact_power(base: Fraction, exponent: int) -> Number:
    if abs(base) not in (0, 1):
        # The result has about this many bits; 2**10**10 must not be tried.
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if (bits - 1) * abs(exponent) > MAX_BITS:
            raise _refusal(f"{rounded(base)}**{exponent} is too large"[:200])
    elif abs(exponent) > 1:
        exponent = 2 + exponent % 2 if exponent > 0 else -2 - exponent % 2
    return bounded(base**exponent)


def _square_root(value: Number) -> Number:
    if value < 0:
        raise _refusal("the square root of a negative number is not a real number")
    if isinstance(value, Fraction):
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if root * root == value:
            return root
    return bounded(math.sqrt(value))


def _factorial(value: Number) -> Number:
    if isinstance(value, float) or value.denominator != 1 or value < 0:
        raise _refusal("a factorial needs a whole number that is not negative")
    if value > MAX_FACTORIAL:
        raise _refusal(f"a factorial goes up to {MAX_FACTORIAL}")
    return Fraction(math.factorial(value.numerator))


def _round(value: Number, places: Number = Fraction(0)) -> Number:
    if not -MAX_PLACES <= places <= MAX_PLACES or places != int(places):
        raise _refusal(f"can round to at most {MAX_PLACES} places")
    return bounded(Fraction(round(Fraction(value), int(places))))


def _logarithm(value: Number) -> Number:
    if value <= 0:
        raise _refusal("a logarithm needs a number above zero")
    return math.log(value)


def _refusal(text: str) -> AgentError:
    return AgentError(f"Cannot calculate that: {text}", retryable=False)


_PRODUCTS: dict[str, Callable[[Number, Number], Number]] = {
    "*": operator.mul,
    "of": operator.mul,
    "/": operator.truediv,
    "//": lambda left, right: _whole(left // right),
    "%": operator.mod,
}


def _whole(value: Number | int) -> Number:
    return value if isinstance(value, float) else Fraction(value)


# Name: the function, and how few and how many values it takes.
_FUNCTIONS: dict[str, tuple[Callable[..., Number], int, int]] = {
    "sqrt": (_square_root, 1, 1),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
    "floor": (lambda value: Fraction(math.floor(value)), 1, 1),
    "ceil": (lambda value: Fraction(math.ceil(value)), 1, 1),
    "min": (min, 1, MAX_DEPTH),
    "max": (max, 1, MAX_DEPTH),
    "factorial": (_factorial, 1, 1),
    "ln": (_logarithm, 1, 1),
    "log10": (lambda value: bounded(_logarithm(value) / math.log(10)), 1, 1),
}
