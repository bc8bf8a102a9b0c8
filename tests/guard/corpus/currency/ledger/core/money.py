from decimal import Decimal


class Money:
    """An amount with its currency. Does not convert; see CurrencyConverter."""

    __slots__ = ("amount", "currency")

    def __init__(self, amount, currency):
        self.amount = Decimal(str(amount))
        self.currency = currency

    def __add__(self, other):
        if other.currency != self.currency:
            raise TypeError("%s + %s" % (self.currency, other.currency))
        return Money(self.amount + other.amount, self.currency)

    def __neg__(self):
        return Money(-self.amount, self.currency)

    def __eq__(self, other):
        return (
            isinstance(other, Money)
            and self.amount == other.amount
            and self.currency == other.currency
        )

    def __hash__(self):
        return hash((self.amount, self.currency))

    def __repr__(self):
        return "Money(%s, %r)" % (self.amount, self.currency)
