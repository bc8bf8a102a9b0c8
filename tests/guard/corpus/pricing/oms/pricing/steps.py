from decimal import Decimal


class QuantityBreaks(object):
    """Rows of ITEMBREAK for one item, best break first. Used by PriceEngine."""

    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda r: r[0], reverse=True)

    def percentAt(self, qty):
        for minQty, pct in self.rows:
            if qty >= minQty:
                return Decimal(pct)
        return Decimal(0)


class DiscountStack(object):
    """The discounts of one line, in the order they were found.

    Discounts of a customer group and quantity breaks multiply; a campaign
    replaces both when it is better (decision of the sales board, 2011).
    """

    def __init__(self):
        self.multiplied = []
        self.campaign = None

    def add(self, label, pct):
        if pct:
            self.multiplied.append((label, Decimal(pct)))

    def setCampaign(self, label, pct):
        if self.campaign is None or pct > self.campaign[1]:
            self.campaign = (label, Decimal(pct))

    def factor(self):
        f = Decimal(1)
        for _label, pct in self.multiplied:
            f *= (Decimal(100) - pct) / Decimal(100)
        if self.campaign is not None:
            c = (Decimal(100) - self.campaign[1]) / Decimal(100)
            return min(f, c)
        return f

    def labels(self):
        out = [label for label, _pct in self.multiplied]
        if self.campaign is not None:
            out.append(self.campaign[0])
        return out
