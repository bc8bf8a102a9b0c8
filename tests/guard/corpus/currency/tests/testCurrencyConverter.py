import datetime
import unittest
from decimal import Decimal

from ledger.core.booking import Booking
from ledger.core.currencyConverter import CurrencyConverter
from ledger.core.errors import UnknownCurrencyError
from ledger.core.money import Money


class DummyConverter:
    """Everything is worth twice as much elsewhere."""

    def convert(self, quantity, fromUnit, toUnit, onDate=None):
        return quantity if fromUnit == toUnit else quantity * 2

    def getRate(self, fromCurrency, toCurrency, onDate=None):
        return Decimal(2)

    def supports(self, unit):
        return True


class TableStub:
    def lookup(self, code, day):
        try:
            return {"EUR": Decimal(1), "USD": Decimal("1.25")}[code]
        except KeyError:
            raise UnknownCurrencyError(code)

    def codes(self):
        return {"EUR", "USD"}


class CurrencyConverterTest(unittest.TestCase):
    def setUp(self):
        self.converter = CurrencyConverter(TableStub())

    def testDollars(self):
        self.assertEqual(self.converter.convert(100, "EUR", "USD"), Decimal("125.00"))

    def testSum(self):
        total = self.converter.sumUp(
            [Money(10, "EUR"), Money("12.50", "USD")], "EUR", datetime.date(2020, 1, 2)
        )
        self.assertEqual(total, Money("20.00", "EUR"))

    def testUnknown(self):
        self.assertRaises(UnknownCurrencyError, self.converter.convert, 1, "EUR", "XXX")

    def testBookingTakesAnyConverter(self):
        booking = Booking(None, DummyConverter())
        self.assertEqual(booking.converter.convert(3, "USD", "EUR"), 6)


if __name__ == "__main__":
    unittest.main()
