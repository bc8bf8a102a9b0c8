# Preisfindung, taken over from the AS/400 programs PRF010 - PRF040.
# hk 04/2006. Still used by the nightly invoicing run and by two reports.
import time


class PreisFindung:
    def __init__(self, conn):
        self.conn = conn
        self.kunde = None
        self.liste = None
        self.rabatt = 0.0

    def setKunde(self, cno):
        cur = self.conn.cursor()
        cur.execute("select PRICELIST, CGROUP from CUSTOMER where CNO='%s'" % cno)
        r = cur.fetchone()
        self.kunde = cno
        self.liste = r[0]
        cur.execute("select PCT from GROUPDISC where CGROUP='%s'" % r[1])
        r = cur.fetchone()
        self.rabatt = r and float(r[0]) or 0.0
        cur.close()

    def getPreis(self, ino, menge):
        cur = self.conn.cursor()
        heute = time.strftime("%Y-%m-%d")
        cur.execute(
            "select NET from AGREEDPRICE where CNO='%s' and INO='%s' "
            "and VALIDFROM<='%s' and VALIDTO>='%s'" % (self.kunde, ino, heute, heute)
        )
        r = cur.fetchone()
        if r:
            return float(r[0])
        cur.execute(
            "select PRICE from PLITEM where PLIST='%s' and INO='%s' "
            "order by VALIDFROM desc" % (self.liste, ino)
        )
        r = cur.fetchone()
        if not r:
            return None
        p = float(r[0]) * (100.0 - self.rabatt) / 100.0
        cur.execute(
            "select PCT from ITEMBREAK where INO='%s' and MINQTY<=%d "
            "order by MINQTY desc" % (ino, menge)
        )
        r = cur.fetchone()
        if r:
            p = p * (100.0 - float(r[0])) / 100.0
        cur.close()
        return round(p + 0.0001, 2)


class InvoiceRun:
    """Nightly: delivered and not yet invoiced lines become invoices."""

    def __init__(self, conn, printer):
        self.conn = conn
        self.printer = printer

    def run(self):
        cur = self.conn.cursor()
        cur.execute(
            "select CNO, DNO, INO, QTY from DELIVERED where INVOICED='N' order by CNO, DNO"
        )
        pf = PreisFindung(self.conn)
        last = None
        for cno, dno, ino, qty in cur.fetchall():
            if cno != last:
                pf.setKunde(cno)
                last = cno
            price = pf.getPreis(ino, qty)
            if price is None:
                self.printer.warn("no price: %s %s" % (cno, ino))
                continue
            cur.execute(
                "insert into INVLINE values ('%s','%s','%s',%d,%f)"
                % (cno, dno, ino, qty, price)
            )
            cur.execute(
                "update DELIVERED set INVOICED='Y' where DNO='%s' and INO='%s'"
                % (dno, ino)
            )
        self.conn.commit()
