import threading


class PriceLoader(object):
    """Keeps all sales prices of the database in memory, for the shop's search pages."""

    def __init__(self, db, cache):
        self.db = db
        self.cache = cache
        self.lock = threading.Lock()

    def load(self, supplier=None):
        sql = "SELECT part_no, price * (1 + margin) FROM part JOIN margin USING (supplier_id)"
        args = ()
        if supplier is not None:
            sql += " WHERE supplier_id = %s"
            args = (supplier,)
        cur = self.db.cursor()
        cur.execute(sql, args)
        with self.lock:
            for partNo, price in cur:
                self.cache[partNo] = round(price, 2)
        return len(self.cache)

    def loadAll(self):
        self.cache.clear()
        return self.load()
