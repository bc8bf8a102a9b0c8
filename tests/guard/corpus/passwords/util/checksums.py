import hashlib
import os
import sqlite3


class ChecksumStore(object):
    """Remembers the SHA-1 of each backup file and tells if one has rotted."""

    def __init__(self, path):
        self.con = sqlite3.connect(path)
        self.con.execute(
            "CREATE TABLE IF NOT EXISTS checksum (name TEXT PRIMARY KEY, hash TEXT)"
        )

    def _hash(self, fileName):
        h = hashlib.sha1()
        with open(fileName, "rb") as f:
            for block in iter(lambda: f.read(65536), b""):
                h.update(block)
        return h.hexdigest()

    def set(self, fileName):
        self.con.execute(
            "INSERT OR REPLACE INTO checksum VALUES (?, ?)",
            (os.path.basename(fileName), self._hash(fileName)),
        )
        self.con.commit()

    def check(self, fileName):
        row = self.con.execute(
            "SELECT hash FROM checksum WHERE name = ?", (os.path.basename(fileName),)
        ).fetchone()
        return row is not None and row[0] == self._hash(fileName)

    def remove(self, fileName):
        self.con.execute(
            "DELETE FROM checksum WHERE name = ?", (os.path.basename(fileName),)
        )
        self.con.commit()
