import sqlite3
import time
import uuid


class ApiKeyTable(object):
    """Which program calls us, for whom: keys that we make up and hand out."""

    def __init__(self, path):
        self.con = sqlite3.connect(path)

    def handOut(self, owner, scopes):
        key = uuid.uuid4().hex
        self.con.execute(
            "INSERT INTO apikey (k, owner, scopes, lastUsed) VALUES (?, ?, ?, 0)",
            (key, owner, ",".join(scopes)),
        )
        self.con.commit()
        return key

    def ownerOf(self, key):
        row = self.con.execute(
            "SELECT owner FROM apikey WHERE k = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        self.con.execute(
            "UPDATE apikey SET lastUsed = ? WHERE k = ?", (time.time(), key)
        )
        self.con.commit()
        return row[0]

    def withdraw(self, key):
        self.con.execute("DELETE FROM apikey WHERE k = ?", (key,))
        self.con.commit()
