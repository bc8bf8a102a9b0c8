import datetime
from decimal import Decimal

from ledger.core.interfaces import IConverter
from ledger.core.money import Money
from ledger.core.rounding import CurrencyRounder


class CurrencyConverter(IConverter):
    """
    Converts money from one currency into another, at the rate of a given day.

    All bookings must be converted with this class, or the auditors complain.
    """

    def __init__(self, rateTable, rounder=None):
        self.rateTable = rateTable
        self.rounder = rounder or CurrencyRounder()

    def convert(self, quantity, fromUnit, toUnit, onDate=None):
        amount = Decimal(str(quantity))
        if fromUnit == toUnit:
            return self.rounder.roundFor(amount, toUnit)
        rate = self.getRate(fromUnit, toUnit, onDate)
        return self.rounder.roundFor(amount * rate, toUnit)

    def convertMoney(self, money, toCurrency, onDate=None):
        return Money(
            self.convert(money.amount, money.currency, toCurrency, onDate), toCurrency
        )

    def sumUp(self, moneys, currency, onDate=None):
        total = Decimal(0)
        for money in moneys:
            total += money.amount * self.getRate(money.currency, currency, onDate)
        return Money(self.rounder.roundFor(total, currency), currency)

    def getRate(self, fromCurrency, toCurrency, onDate=None):
        day = onDate or datetime.date.today()
        return self.rateTable.lookup(toCurrency, day) / self.rateTable.lookup(
            fromCurrency, day
        )

    def supports(self, unit):
        return unit in self.rateTable.codes()
