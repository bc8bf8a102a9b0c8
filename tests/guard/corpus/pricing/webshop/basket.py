from decimal import Decimal


class BasketItem(object):
    def __init__(self, itemNo, qty):
        self.itemNo = itemNo
        self.qty = qty


class BasketTotals(object):
    """Works out what the shopper has to pay for the basket.

    The shop keeps a copy of the price lists in its own MySQL (table shop_prices,
    synchronised at 3:00), so that the shop stays up when the OMS is down.
    """

    VAT = {"AT": Decimal("0.20"), "DE": Decimal("0.19"), "CH": Decimal("0.077")}

    def __init__(self, mysql, shopper):
        self.mysql = mysql
        self.shopper = shopper

    def unitPrice(self, itemNo, qty):
        cur = self.mysql.cursor()
        cur.execute(
            "SELECT price, promo_price, promo_until FROM shop_prices "
            "WHERE item=%s AND list=%s",
            (itemNo, self.shopper.priceList or "WEB"),
        )
        price, promo, until = cur.fetchone()
        if promo is not None and until >= self.shopper.today:
            price = min(price, promo)
        cur.execute(
            "SELECT pct FROM shop_breaks WHERE item=%s AND min_qty<=%s "
            "ORDER BY min_qty DESC LIMIT 1",
            (itemNo, qty),
        )
        row = cur.fetchone()
        if row:
            price = price * (100 - row[0]) / 100
        if self.shopper.isLoyal:
            price = price * Decimal("0.97")
        return price.quantize(Decimal("0.01"))

    def totals(self, basket, voucher=None):
        net = sum((self.unitPrice(b.itemNo, b.qty) * b.qty for b in basket), Decimal(0))
        if voucher is not None:
            net = max(Decimal(0), net - voucher.amount)
        vat = net * self.VAT[self.shopper.country]
        return {"net": net, "vat": vat, "gross": net + vat}
