import datetime

from ledger.io.currencyFormatter import CurrencyFormatter
from sales.exchangeCalc import ExchangeCalc
from sales.funnel import ConversionRates


class OfferWriter:
    def __init__(self, folder, customer):
        self.calc = ExchangeCalc(folder, datetime.date.today().year)
        self.customer = customer
        self.formatter = CurrencyFormatter()

    def write(self, positions):
        lines = []
        for text, price, currency in positions:
            value = self.calc.calc(price, currency, self.customer["currency"])
            lines.append(
                "%-40s %s"
                % (text, self.formatter.format(value, self.customer["currency"]))
            )
        return "\n".join(lines)


def forecast(db, openOffers):
    rates = ConversionRates(db)
    return sum(offer["value"] * rates.getRate("offer", "order") for offer in openOffers)
