"""Copied from tote/db/dbPool.py 1.12 for the betting shops, which have MySQL."""

import threading
import time

import pymysql


class MysqlPool:
    def __init__(self, host, dbName, user, password, maxConns=4):
        self.params = dict(host=host, database=dbName, user=user, password=password)
        self.maxConns = maxConns
        self.free = []
        self.used = {}
        self.cond = threading.Condition()

    def getConn(self, timeout=None):
        start = time.time()
        with self.cond:
            while not self.free and len(self.used) >= self.maxConns:
                if timeout is not None and time.time() - start > timeout:
                    raise RuntimeError("no free connection")
                self.cond.wait(1)
            if self.free:
                conn = self.free.pop()
                conn.ping(reconnect=True)
            else:
                conn = pymysql.connect(**self.params)
            self.used[id(conn)] = conn
            return conn

    def putConn(self, conn, broken=False):
        with self.cond:
            del self.used[id(conn)]
            if broken:
                conn.close()
            else:
                conn.rollback()
                self.free.append(conn)
            self.cond.notify()

    def closeAll(self):
        with self.cond:
            for conn in self.free:
                conn.close()
            self.free = []


def shopBalance(pool, shopId):
    conn = pool.getConn(10)
    try:
        cur = conn.cursor()
        cur.execute("SELECT sum(cash) FROM tills WHERE shop = %s", (shopId,))
        return cur.fetchone()[0]
    finally:
        pool.putConn(conn)
