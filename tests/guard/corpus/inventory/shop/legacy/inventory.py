# Inventory (2013). The nightly export and the returns desk still go through
# this. Tables inv_level / inv_alloc are in the "erp" database.
from django.db import connections


class InventoryManager(object):
    def __init__(self, alias="erp"):
        self.alias = alias

    def _cur(self):
        return connections[self.alias].cursor()

    def get_qty(self, item_no):
        cur = self._cur()
        cur.execute("SELECT qty FROM inv_level WHERE item_no = %s", [item_no])
        row = cur.fetchone()
        return row[0] if row else 0

    def get_free_qty(self, item_no):
        cur = self._cur()
        cur.execute(
            "SELECT COALESCE(SUM(qty), 0) FROM inv_alloc WHERE item_no = %s AND done = 0",
            [item_no],
        )
        return self.get_qty(item_no) - cur.fetchone()[0]

    def add_qty(self, item_no, n):
        cur = self._cur()
        cur.execute(
            "UPDATE inv_level SET qty = qty + %s WHERE item_no = %s", [n, item_no]
        )
        if cur.rowcount == 0:
            cur.execute(
                "INSERT INTO inv_level (item_no, qty) VALUES (%s, %s)", [item_no, n]
            )

    def allocate(self, item_no, n, order_no):
        if self.get_free_qty(item_no) < n:
            return False
        self._cur().execute(
            "INSERT INTO inv_alloc (item_no, qty, order_no, done) VALUES (%s, %s, %s, 0)",
            [item_no, n, order_no],
        )
        return True

    def deallocate(self, order_no):
        self._cur().execute(
            "DELETE FROM inv_alloc WHERE order_no = %s AND done = 0", [order_no]
        )


def export_levels(path, item_numbers):
    mgr = InventoryManager()
    with open(path, "w") as f:
        for no in item_numbers:
            f.write("%s;%d;%d\n" % (no, mgr.get_qty(no), mgr.get_free_qty(no)))
