import sqlite3

_db = None


def query(sql, args=()):
    global _db
    if _db is None:
        _db = sqlite3.connect("hub.db")
    cursor = _db.execute(sql, args)
    return [d[0] for d in cursor.description], cursor.fetchall()
