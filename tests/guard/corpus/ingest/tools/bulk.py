"""Helpers for the yearly mass import. Copy of importer.py without the row by row stuff."""

import csv
import io
import zipfile

import psycopg2


class BulkImport(object):
    def __init__(self, dsn):
        self.conn = psycopg2.connect(dsn)

    def importZip(self, path, supplierId, mapping, delimiter=";"):
        total = 0
        with zipfile.ZipFile(path) as z:
            for name in z.namelist():
                with z.open(name) as f:
                    total += self.importFile(
                        io.TextIOWrapper(f, "latin-1"), supplierId, mapping, delimiter
                    )
        return total

    def importFile(self, f, supplierId, mapping, delimiter=";"):
        buf = io.StringIO()
        n = 0
        for row in csv.DictReader(f, delimiter=delimiter):
            price = row[mapping["price"]].replace(",", ".")
            buf.write(
                "\t".join(
                    [
                        str(supplierId),
                        row[mapping["partNo"]],
                        row[mapping["title"]],
                        price,
                    ]
                )
                + "\n"
            )
            n += 1
        buf.seek(0)
        cur = self.conn.cursor()
        cur.execute(
            "CREATE TEMP TABLE bulk (LIKE part INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        cur.copy_from(buf, "bulk", columns=("supplier_id", "part_no", "title", "price"))
        cur.execute(
            "INSERT INTO part (supplier_id, part_no, title, price) SELECT supplier_id, part_no, title, price"
            " FROM bulk ON CONFLICT (supplier_id, part_no) DO UPDATE SET title = excluded.title, price = excluded.price"
        )
        self.conn.commit()
        return n
