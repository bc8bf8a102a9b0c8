from decimal import Decimal

from oms.pricing.base import Pricer, PricedLine


class TenEuroPricer(Pricer):
    """Everything costs ten."""

    def __init__(self):
        self.asked = []

    def priceFor(self, customerNo, itemNo, qty, onDate=None):
        self.asked.append((customerNo, itemNo, qty))
        return PricedLine(itemNo, qty, Decimal(10), Decimal(10), Decimal(2) * qty)

    def priceOrder(self, customerNo, lines, onDate=None):
        priced = [self.priceFor(customerNo, i, q) for i, q in lines]
        net = Decimal(10) * sum(q for _i, q in lines)
        return {"lines": priced, "net": net, "vat": net / 5, "gross": net * 6 / 5}
