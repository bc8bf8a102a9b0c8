class GoodsIntake(object):
    """Dock screen: the clerk scans what came off the lorry, we add it to a shelf."""

    def __init__(self, db, shelves):
        self.db = db
        self.shelves = shelves

    def scan(self, barcode, qty=1):
        cur = self.db.cursor()
        cur.execute("SELECT part_no FROM barcode WHERE code = %s", (barcode,))
        row = cur.fetchone()
        if row is None:
            raise KeyError(barcode)
        shelf = self.shelves.freeShelf(row[0])
        cur.execute(
            "UPDATE shelf_stock SET qty = qty + %s WHERE shelf = %s AND part_no = %s",
            (qty, shelf, row[0]),
        )
        self.db.commit()
        return shelf

    def processAll(self, barcodes):
        return [self.scan(code) for code in barcodes]
