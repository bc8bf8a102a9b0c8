import csv
from decimal import Decimal, InvalidOperation


class SupplierConditions(object):
    """What our suppliers charge us. Purchasing only; never shown outside."""

    def __init__(self, db):
        self.db = db

    def priceFor(self, supplierNo, itemNo, qty, onDate=None):
        rows = self.db.all(
            "SELECT MINQTY, COST FROM SUPPCOND WHERE SNO=? AND INO=? ORDER BY MINQTY DESC",
            supplierNo,
            itemNo,
        )
        for minQty, cost in rows:
            if qty >= minQty:
                return Decimal(cost)
        return None

    def cheapestSupplier(self, itemNo, qty):
        best = None
        for (sno,) in self.db.all(
            "SELECT SNO FROM SUPPCOND WHERE INO=? GROUP BY SNO", itemNo
        ):
            cost = self.priceFor(sno, itemNo, qty)
            if cost is not None and (best is None or cost < best[1]):
                best = (sno, cost)
        return best


class ReorderCalculator(object):
    """How many to order and when (min/max with lead time)."""

    def __init__(self, db, conditions):
        self.db = db
        self.conditions = conditions

    def calculate(self, itemNo):
        stock, minStock, maxStock = self.db.one(
            "SELECT STOCK, MINSTOCK, MAXSTOCK FROM ITEM WHERE INO=?", itemNo
        )
        if stock >= minStock:
            return None
        qty = maxStock - stock
        return itemNo, qty, self.conditions.cheapestSupplier(itemNo, qty)


class PriceListImporter(object):
    """Reads the yearly price list of the product managers (CSV) into PLITEM."""

    def __init__(self, db, pricelist):
        self.db = db
        self.pricelist = pricelist
        self.rejected = []

    def importFile(self, path, validFrom):
        n = 0
        with open(path, newline="", encoding="cp1252") as f:
            for row in csv.DictReader(f, delimiter=";"):
                try:
                    price = Decimal(row["Preis"].replace(".", "").replace(",", "."))
                except InvalidOperation:
                    self.rejected.append(row)
                    continue
                self.db.run(
                    "INSERT INTO PLITEM (PLIST, INO, VALIDFROM, PRICE) VALUES (?,?,?,?)",
                    self.pricelist,
                    row["Artikel"].strip(),
                    validFrom,
                    price,
                )
                n += 1
        self.db.commit()
        return n
