from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

NO_CENTS = ("JPY", "KRW", "CLP", "ISK", "HUF")


class CurrencyRounder:
    """Rounds to what the currency has: cents, none, or five Rappen."""

    def __init__(self, bankers=False):
        self.mode = ROUND_HALF_EVEN if bankers else ROUND_HALF_UP

    def roundFor(self, amount, code):
        if code in NO_CENTS:
            return amount.quantize(Decimal("1"), self.mode)
        if code == "CHF":
            return (amount * 20).quantize(Decimal("1"), self.mode) / 20
        return amount.quantize(Decimal("0.01"), self.mode)
