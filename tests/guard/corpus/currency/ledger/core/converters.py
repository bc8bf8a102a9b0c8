"""The other shapes of the CurrencyConverter, and who makes them."""

import datetime
import threading

from ledger.core.currencyConverter import CurrencyConverter
from ledger.core.rateTable import RateTable
from ledger.core.rounding import CurrencyRounder


class MonthEndConverter(CurrencyConverter):
    """Converts at the rate of the last day of the month before (group reporting)."""

    def getRate(self, fromCurrency, toCurrency, onDate=None):
        day = onDate or datetime.date.today()
        ultimo = day.replace(day=1) - datetime.timedelta(days=1)
        return CurrencyConverter.getRate(self, fromCurrency, toCurrency, ultimo)


class CachedConverter:
    """Remembers the rates that the converter behind it gave."""

    def __init__(self, converter, maxEntries=5000):
        self.converter = converter
        self.maxEntries = maxEntries
        self.cache = {}
        self.lock = threading.Lock()

    def getRate(self, fromCurrency, toCurrency, onDate=None):
        key = (fromCurrency, toCurrency, onDate or datetime.date.today())
        with self.lock:
            if key not in self.cache:
                if len(self.cache) >= self.maxEntries:
                    self.cache.clear()
                self.cache[key] = self.converter.getRate(*key)
            return self.cache[key]

    def convert(self, quantity, fromUnit, toUnit, onDate=None):
        rate = self.getRate(fromUnit, toUnit, onDate)
        return self.converter.rounder.roundFor(quantity * rate, toUnit)

    def supports(self, unit):
        return self.converter.supports(unit)


class ConverterFactory:
    def __init__(self, db, config):
        self.db = db
        self.config = config

    def createConverter(self):
        table = RateTable(self.db, self.config.get("base", "EUR"))
        rounder = CurrencyRounder(self.config.get("bankersRounding", False))
        return CachedConverter(CurrencyConverter(table, rounder))

    def createMonthEnd(self):
        return MonthEndConverter(RateTable(self.db, self.config.get("base", "EUR")))
