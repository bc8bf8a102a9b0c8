import memcache

from shop import settings


class PriceTranslator(object):
    """Shows the visitor the prices of the shop in the visitor's own currency."""

    def __init__(self):
        self.mc = memcache.Client(settings.MEMCACHED)

    def setFactor(self, currency, factor):
        self.mc.set("fx:" + currency, repr(factor), time=86400)

    def translate(self, price, currency, visitorCurrency):
        factor = self._factor(visitorCurrency) / self._factor(currency)
        translated = price * factor
        if visitorCurrency in ("JPY", "KRW", "HUF"):
            return int(round(translated))
        # psychological prices
        return int(translated) + 0.99 if translated > 10 else round(translated, 2)

    def translateBasket(self, basket, visitorCurrency):
        for line in basket:
            line["price"] = self.translate(
                line["price"], line["currency"], visitorCurrency
            )
            line["currency"] = visitorCurrency
        return basket

    def _factor(self, currency):
        value = self.mc.get("fx:" + currency)
        return float(value) if value else settings.FALLBACK_RATES[currency]
