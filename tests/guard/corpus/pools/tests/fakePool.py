import sqlite3

from tote.db.absPool import AbstractPool
from tote.db.poolTypes import PoolStats


class FakePool(AbstractPool):
    """Always the same SQLite connection in memory."""

    def __init__(self):
        self.conn = sqlite3.connect(":memory:")
        self.log = []

    def getConn(self, timeout=None):
        self.log.append("get")
        return self.conn

    def putConn(self, conn, broken=False):
        self.log.append(broken and "broken" or "put")

    def run(self, func, *args):
        return func(self.conn, *args)

    def closeAll(self):
        self.log.append("close")

    def getStats(self):
        return PoolStats(1, 0, 1, 0.0)
