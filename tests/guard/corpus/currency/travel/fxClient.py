import json
import time
import urllib.parse
import urllib.request


class FxClient:
    """For travel expenses: what was the hotel bill in our money? Asks openexchangerates.org."""

    baseUrl = "https://openexchangerates.org/api/"

    def __init__(self, appId, homeCurrency="EUR"):
        self.appId = appId
        self.homeCurrency = homeCurrency
        self._days = {}

    def toHome(self, amount, currency, day):
        rates = self._ratesOf(day)
        return round(amount / rates[currency] * rates[self.homeCurrency], 2)

    def fromHome(self, amount, currency, day):
        rates = self._ratesOf(day)
        return round(amount / rates[self.homeCurrency] * rates[currency], 2)

    def exchange(self, amount, source, target, day):
        return self.fromHome(self.toHome(amount, source, day), target, day)

    def _ratesOf(self, day):
        if day not in self._days:
            query = urllib.parse.urlencode({"app_id": self.appId})
            url = "%shistorical/%s.json?%s" % (self.baseUrl, day.isoformat(), query)
            for attempt in range(3):
                try:
                    with urllib.request.urlopen(url, timeout=10) as answer:
                        self._days[day] = json.load(answer)["rates"]
                    break
                except OSError:
                    time.sleep(2**attempt)
            else:
                raise RuntimeError("no rates for %s" % day)
        return self._days[day]
