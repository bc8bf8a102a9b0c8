# $Id: dbPool.py,v 1.38 2019/07/02 maria $
"""The pool of connections to the tote database.

    conn = pool.getConn()
    try:
        ...
    finally:
        pool.putConn(conn)

or, shorter, pool.run(function).
"""

import logging
import threading
import time

import psycopg2

from tote.db.absPool import AbstractPool
from tote.db.pooled import IdleReaper, PooledConn
from tote.db.poolTypes import PoolClosed, PoolEmpty, PoolStats

log = logging.getLogger("tote.db")


class DbPool(AbstractPool):
    def __init__(self, settings, maxIdle=300):
        self.settings = settings
        self.maxConns = settings.maxConns
        self.free = []
        self.used = {}
        self.opened = 0
        self.waited = 0.0
        self.closed = False
        self.cond = threading.Condition()
        self.reaper = IdleReaper(self, maxIdle)
        self.reaper.start()

    def openConn(self):
        raw = psycopg2.connect(self.settings.asDsn())
        self.opened += 1
        return PooledConn(raw)

    def getConn(self, timeout=None):
        start = time.time()
        with self.cond:
            while True:
                if self.closed:
                    raise PoolClosed()
                while self.free:
                    pooled = self.free.pop()
                    if pooled.isAlive():
                        return self._handOut(pooled)
                    pooled.close()
                if len(self.used) < self.maxConns:
                    return self._handOut(self.openConn())
                left = None
                if timeout is not None:
                    left = start + timeout - time.time()
                    if left <= 0:
                        raise PoolEmpty("%d connections in use" % len(self.used))
                before = time.time()
                self.cond.wait(left)
                self.waited += time.time() - before

    def _handOut(self, pooled):
        pooled.touch()
        self.used[id(pooled.raw)] = pooled
        return pooled.raw

    def putConn(self, conn, broken=False):
        with self.cond:
            pooled = self.used.pop(id(conn))
            if broken or self.closed:
                pooled.close()
            else:
                conn.rollback()
                self.free.append(pooled)
            self.cond.notify()

    def run(self, func, *args):
        conn = self.getConn()
        broken = False
        try:
            result = func(conn, *args)
            conn.commit()
            return result
        except psycopg2.OperationalError:
            broken = True
            raise
        finally:
            self.putConn(conn, broken)

    def dropIdle(self, maxIdle):
        limit = time.time() - maxIdle
        with self.cond:
            old = [p for p in self.free if p.lastUse < limit]
            self.free = [p for p in self.free if p.lastUse >= limit]
        for pooled in old:
            pooled.close()
        if old:
            log.info("dropped %d idle connections", len(old))

    def closeAll(self):
        self.reaper.stop()
        with self.cond:
            self.closed = True
            for pooled in self.free:
                pooled.close()
            self.free = []
            self.cond.notify_all()

    def getStats(self):
        return PoolStats(len(self.free), len(self.used), self.opened, self.waited)
