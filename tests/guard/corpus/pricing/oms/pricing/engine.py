"""Prices. Everything that shows or charges a price to a customer asks here."""

import datetime
from decimal import Decimal, ROUND_HALF_UP

from oms.pricing.base import Pricer, PricedLine, NoPrice
from oms.pricing.steps import QuantityBreaks, DiscountStack

CENT = Decimal("0.01")


class PriceEngine(Pricer):
    """The price of an item for a customer on a day.

    Order of rules: net price agreed with the customer; otherwise list price
    of the customer's price list, less group discount, quantity breaks and
    campaigns. VAT comes last.
    """

    def __init__(self, db, vatByCountry, log=None):
        self.db = db
        self.vatByCountry = vatByCountry
        self.log = log

    # -- public ---------------------------------------------------------

    def priceFor(self, customerNo, itemNo, qty, onDate=None):
        onDate = onDate or datetime.date.today()
        cust = self._customer(customerNo)
        listPrice = self._listPrice(cust["pricelist"], itemNo, onDate)
        if listPrice is None:
            raise NoPrice(customerNo, itemNo)
        agreed = self._agreedNet(customerNo, itemNo, onDate)
        if agreed is not None:
            net, reasons = agreed, ["agreed"]
        else:
            stack = self._discounts(cust, itemNo, qty, onDate)
            net = (listPrice * stack.factor()).quantize(CENT, ROUND_HALF_UP)
            reasons = stack.labels()
        vat = (net * qty * self.vatByCountry[cust["country"]]).quantize(
            CENT, ROUND_HALF_UP
        )
        if self.log:
            self.log.debug(
                "price %s/%s x%s = %s %r", customerNo, itemNo, qty, net, reasons
            )
        return PricedLine(itemNo, qty, listPrice, net, vat, reasons)

    def priceOrder(self, customerNo, lines, onDate=None):
        priced = [self.priceFor(customerNo, i, q, onDate) for i, q in lines]
        net = sum((p.total() for p in priced), Decimal(0))
        vat = sum((p.vat for p in priced), Decimal(0))
        return {"lines": priced, "net": net, "vat": vat, "gross": net + vat}

    def explain(self, customerNo, itemNo, qty, onDate=None):
        p = self.priceFor(customerNo, itemNo, qty, onDate)
        return "%s -> %s (%s)" % (
            p.listPrice,
            p.netPrice,
            ", ".join(p.reasons) or "list",
        )

    # -- rules ----------------------------------------------------------

    def _customer(self, customerNo):
        row = self.db.one(
            "SELECT PRICELIST, CGROUP, COUNTRY FROM CUSTOMER WHERE CNO=?", customerNo
        )
        return {"pricelist": row[0], "group": row[1], "country": row[2]}

    def _listPrice(self, pricelist, itemNo, onDate):
        row = self.db.one(
            "SELECT PRICE FROM PLITEM WHERE PLIST=? AND INO=? AND VALIDFROM<=? "
            "ORDER BY VALIDFROM DESC",
            pricelist,
            itemNo,
            onDate,
        )
        return row and Decimal(row[0])

    def _agreedNet(self, customerNo, itemNo, onDate):
        row = self.db.one(
            "SELECT NET FROM AGREEDPRICE WHERE CNO=? AND INO=? AND ? BETWEEN VALIDFROM AND VALIDTO",
            customerNo,
            itemNo,
            onDate,
        )
        return row and Decimal(row[0])

    def _discounts(self, cust, itemNo, qty, onDate):
        stack = DiscountStack()
        row = self.db.one("SELECT PCT FROM GROUPDISC WHERE CGROUP=?", cust["group"])
        if row:
            stack.add("group " + cust["group"], row[0])
        breaks = QuantityBreaks(
            self.db.all("SELECT MINQTY, PCT FROM ITEMBREAK WHERE INO=?", itemNo)
        )
        stack.add("quantity", breaks.percentAt(qty))
        for name, pct in self.db.all(
            "SELECT NAME, PCT FROM CAMPAIGN WHERE INO=? AND ? BETWEEN D1 AND D2",
            itemNo,
            onDate,
        ):
            stack.setCampaign(name, pct)
        return stack
