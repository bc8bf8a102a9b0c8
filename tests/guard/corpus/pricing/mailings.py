"""Personal prices printed into the quarterly mailing."""

from decimal import Decimal

CAMPAIGN_SQL = "SELECT INO, PCT FROM CAMPAIGN WHERE NAME=?"


class MailingPriceCalculator(object):
    def __init__(self, db, campaign):
        self.db = db
        self.pcts = dict(db.all(CAMPAIGN_SQL, campaign))

    def compute(self, customerNo, itemNo):
        pl, group = self.db.one(
            "SELECT PRICELIST, CGROUP FROM CUSTOMER WHERE CNO=?", customerNo
        )
        row = self.db.one(
            "SELECT PRICE FROM PLITEM WHERE PLIST=? AND INO=? ORDER BY VALIDFROM DESC",
            pl,
            itemNo,
        )
        if row is None:
            return None
        was = Decimal(row[0])
        disc = self.db.one("SELECT PCT FROM GROUPDISC WHERE CGROUP=?", group)
        pct = max(
            Decimal(disc[0]) if disc else Decimal(0), Decimal(self.pcts.get(itemNo, 0))
        )
        now = (was * (100 - pct) / 100).quantize(Decimal("0.01"))
        return {"was": was, "now": now}


class CompetitorPrices(object):
    """What others ask for the same article (scraped weekly by an agency, delivered by FTP)."""

    def __init__(self, db):
        self.db = db

    def load(self, rows):
        for ean, shop, price in rows:
            self.db.run("INSERT INTO COMPPRICE VALUES (?,?,?)", ean, shop, price)

    def lowest(self, ean):
        return self.db.one("SELECT MIN(PRICE) FROM COMPPRICE WHERE EAN=?", ean)[0]


def writeMailing(db, campaign, customers, items, out):
    calc = MailingPriceCalculator(db, campaign)
    for cno in customers:
        for ino in items:
            p = calc.compute(cno, ino)
            if p:
                out.write("%s;%s;%s;%s\n" % (cno, ino, p["was"], p["now"]))
