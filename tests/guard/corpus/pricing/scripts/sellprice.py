"""quick selling price for scripts and excel exports (don't want to set up the whole engine)"""

import sqlite3
import datetime


class SellPrice(object):
    def __init__(self, path="/srv/oms/replica.db"):
        self.con = sqlite3.connect(path)
        self.memo = {}

    def get(self, cno, ino, qty=1):
        k = (cno, ino, qty)
        if k not in self.memo:
            self.memo[k] = self._calc(cno, ino, qty)
        return self.memo[k]

    def _calc(self, cno, ino, qty):
        d = datetime.date.today().isoformat()
        c = self.con.execute(
            "select net from agreedprice where cno=? and ino=? "
            "and validfrom<=? and validto>=?",
            (cno, ino, d, d),
        ).fetchone()
        if c:
            return c[0]
        c = self.con.execute(
            "select p.price, coalesce(g.pct,0) from customer c "
            "join plitem p on p.plist=c.pricelist left join groupdisc g on g.cgroup=c.cgroup "
            "where c.cno=? and p.ino=? order by p.validfrom desc",
            (cno, ino),
        ).fetchone()
        if c is None:
            return None
        price, pct = c
        b = self.con.execute(
            "select max(pct) from itembreak where ino=? and minqty<=?", (ino, qty)
        ).fetchone()
        return round(price * (1 - pct / 100.0) * (1 - (b[0] or 0) / 100.0), 2)


if __name__ == "__main__":
    import sys

    s = SellPrice()
    for line in sys.stdin:
        cno, ino, qty = line.split()
        print("%s;%s;%s;%s" % (cno, ino, qty, s.get(cno, ino, int(qty))))
