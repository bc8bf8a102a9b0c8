"""Price lists of the manufacturers (Excel by mail, twice a year, every one different)."""

import datetime
import glob
import os

import openpyxl


class PricelistReader(object):
    COLUMNS = {
        "mann": ("A", "C", "F"),
        "febi": ("B", "D", "E"),
        "lemforder": ("A", "B", "H"),
    }

    def __init__(self, db, inbox):
        self.db = db
        self.inbox = inbox
        self.problems = []

    def readAll(self):
        for path in sorted(glob.glob(os.path.join(self.inbox, "*.xlsx"))):
            brand = os.path.basename(path).split("-")[0].lower()
            self.read(path, brand)
            os.rename(path, path + ".done")

    def read(self, path, brand, firstRow=2):
        """Put one manufacturer's list into our database."""
        noCol, titleCol, priceCol = self.COLUMNS[brand]
        sheet = openpyxl.load_workbook(path, read_only=False, data_only=True).active
        cur = self.db.cursor()
        count = 0
        for r in range(firstRow, sheet.max_row + 1):
            partNo = sheet["%s%d" % (noCol, r)].value
            price = sheet["%s%d" % (priceCol, r)].value
            if not partNo or not isinstance(price, (int, float)):
                self.problems.append((path, r))
                continue
            cur.execute(
                "INSERT INTO list_price (brand, part_no, title, price, valid_from) VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (brand, part_no) DO UPDATE SET price = excluded.price, valid_from = excluded.valid_from",
                (
                    brand,
                    str(partNo).strip(),
                    sheet["%s%d" % (titleCol, r)].value,
                    price,
                    datetime.date.today(),
                ),
            )
            count += 1
        self.db.commit()
        return count
