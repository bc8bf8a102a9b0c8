class Pricer(object):
    """What anything that prices something for a customer can be asked.

    priceFor() gives a PricedLine or raises NoPrice.
    """

    def priceFor(self, customerNo, itemNo, qty, onDate=None):
        raise NotImplementedError

    def priceOrder(self, customerNo, lines, onDate=None):
        raise NotImplementedError


class NoPrice(Exception):
    """Nothing in any price list for this customer, item and day."""

    def __init__(self, customerNo, itemNo):
        Exception.__init__(
            self, "no price for item %s, customer %s" % (itemNo, customerNo)
        )
        self.customerNo = customerNo
        self.itemNo = itemNo


class PricedLine(object):
    __slots__ = ("itemNo", "qty", "listPrice", "netPrice", "vat", "reasons")

    def __init__(self, itemNo, qty, listPrice, netPrice, vat, reasons=()):
        self.itemNo = itemNo
        self.qty = qty
        self.listPrice = listPrice
        self.netPrice = netPrice
        self.vat = vat
        self.reasons = list(reasons)

    def total(self):
        return self.netPrice * self.qty

    def __repr__(self):
        return "<PricedLine %s x%s @ %s>" % (self.itemNo, self.qty, self.netPrice)
