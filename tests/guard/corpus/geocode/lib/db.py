import MySQLdb

from lib import config

_db = None


def getDb():
    global _db
    if _db is None:
        _db = MySQLdb.connect(host=config.DB_HOST, db=config.DB_NAME, charset="utf8")
        _db.autocommit(True)
    return _db


def query(sql, *args):
    cur = getDb().cursor()
    cur.execute(sql, args)
    return cur.fetchall()


def execute(sql, *args):
    cur = getDb().cursor()
    cur.execute(sql, args)
    return cur.rowcount
