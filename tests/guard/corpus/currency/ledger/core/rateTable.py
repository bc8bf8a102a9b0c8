import bisect
import datetime
from decimal import Decimal

from ledger.core.errors import NoRateError, UnknownCurrencyError


class RateTable:
    """Rates against the base currency, by day, in memory. Backed by table FX_RATE."""

    MAX_AGE = datetime.timedelta(days=10)

    def __init__(self, db, base="EUR"):
        self.db = db
        self.base = base
        self.days = {}
        self.rates = {}
        self.reload()

    def reload(self):
        self.days.clear()
        self.rates.clear()
        cursor = self.db.cursor()
        cursor.execute("SELECT CURRENCY, RATE_DAY, RATE FROM FX_RATE ORDER BY RATE_DAY")
        for code, day, rate in cursor:
            self.days.setdefault(code, []).append(day)
            self.rates.setdefault(code, []).append(Decimal(rate))

    def codes(self):
        return set(self.days) | {self.base}

    def lookup(self, code, day):
        if code == self.base:
            return Decimal(1)
        if code not in self.days:
            raise UnknownCurrencyError(code)
        pos = bisect.bisect_right(self.days[code], day) - 1
        if pos < 0 or day - self.days[code][pos] > self.MAX_AGE:
            raise NoRateError("%s on %s" % (code, day))
        return self.rates[code][pos]
