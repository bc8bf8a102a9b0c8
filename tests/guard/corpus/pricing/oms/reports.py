from decimal import Decimal

from oms.pricing import PriceEngine
from oms.pricing.base import NoPrice


class MarginCalculator(object):
    """Contribution margin of invoiced lines, for the monthly controlling report."""

    def __init__(self, db):
        self.db = db

    def forMonth(self, year, month):
        rows = self.db.all(
            "SELECT INO, SUM(QTY*PRICE), SUM(QTY*COST) FROM INVLINE_V "
            "WHERE Y=? AND M=? GROUP BY INO",
            year,
            month,
        )
        out = {}
        for ino, revenue, cost in rows:
            revenue, cost = Decimal(revenue), Decimal(cost)
            pct = (revenue - cost) * 100 / revenue if revenue else None
            out[ino] = {"revenue": revenue, "cost": cost, "pct": pct}
        return out

    def total(self, year, month):
        rows = self.forMonth(year, month).values()
        return sum(r["revenue"] - r["cost"] for r in rows)


def customerPriceSheet(db, vat, customerNo, itemNos, out):
    """All prices of one customer, as sales reps take them along."""
    engine = PriceEngine(db, vat)
    for ino in itemNos:
        try:
            line = engine.priceFor(customerNo, ino, 1)
        except NoPrice:
            continue
        out.write(
            "%s\t%s\t%s\n" % (ino, line.netPrice, engine.explain(customerNo, ino, 1))
        )
