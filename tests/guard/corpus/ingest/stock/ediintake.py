import os
import re
import shutil
import sqlite3


class EdiIntake(object):
    """Takes in the INVRPT / PRICAT messages that suppliers drop on our sftp and books them.

    Warehouse department, ext. 318
    """

    def __init__(self, dropDir, dbPath="/srv/warehouse/stock.db"):
        self.dropDir = dropDir
        self.db = sqlite3.connect(dbPath)

    def processAll(self):
        done = []
        for name in sorted(os.listdir(self.dropDir)):
            if not name.upper().endswith(".EDI"):
                continue
            path = os.path.join(self.dropDir, name)
            try:
                self.process(path)
                target = "archive"
            except (ValueError, IndexError) as e:
                self.db.rollback()
                self.db.execute(
                    "INSERT INTO intake_error VALUES (?, ?)", (name, str(e))
                )
                target = "bad"
            shutil.move(path, os.path.join(self.dropDir, target, name))
            done.append(name)
        return done

    def process(self, path):
        with open(path, encoding="latin-1") as f:
            segments = re.split(r"(?<!\?)'", f.read())
        gln = part = None
        for seg in segments:
            e = seg.strip().split("+")
            if e[0] == "NAD" and e[1] == "SU":
                gln = e[2].split(":")[0]
            elif e[0] == "LIN":
                part = e[3].split(":")[0]
            elif e[0] == "QTY":
                qty = int(e[1].split(":")[1])
                self.db.execute(
                    "INSERT OR REPLACE INTO supplier_stock (gln, part_no, qty) VALUES (?, ?, ?)",
                    (gln, part, qty),
                )
            elif e[0] == "PRI":
                self.db.execute(
                    "UPDATE supplier_stock SET price = ? WHERE gln = ? AND part_no = ?",
                    (float(e[1].split(":")[1]), gln, part),
                )
        self.db.commit()
