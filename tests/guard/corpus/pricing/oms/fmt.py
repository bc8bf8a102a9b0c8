import locale


class PriceFormatter(object):
    """Money as text: 1234.5 -> '1.234,50 EUR'."""

    def __init__(self, currency="EUR", loc="de_DE"):
        self.currency = currency
        self.loc = loc

    def price(self, amount, withCurrency=True):
        s = "{:,.2f}".format(amount)
        if self.loc.startswith("de"):
            s = s.replace(",", "x").replace(".", ",").replace("x", ".")
        return s + " " + self.currency if withCurrency else s

    def priceRange(self, low, high):
        return "%s - %s" % (self.price(low, False), self.price(high))
