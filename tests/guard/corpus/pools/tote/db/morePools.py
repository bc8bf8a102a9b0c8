import logging
import time

import psycopg2

from tote.db.absPool import AbstractPool
from tote.db.dbPool import DbPool
from tote.db.pooled import PooledConn
from tote.db.poolTypes import DbSettings

log = logging.getLogger("tote.db.slow")


class FailoverPool(DbPool):
    """Opens its connections at the standby if the first host is down."""

    def __init__(self, settings, standbyHost, maxIdle=300):
        self.standbyHost = standbyHost
        DbPool.__init__(self, settings, maxIdle)

    def openConn(self):
        try:
            return DbPool.openConn(self)
        except psycopg2.OperationalError:
            log.warning("%s is down, trying %s", self.settings.host, self.standbyHost)
            raw = psycopg2.connect(self.settings.asDsn(), host=self.standbyHost)
            self.opened += 1
            return PooledConn(raw)


class WatchedPool(AbstractPool):
    """Around another pool: logs who keeps a connection for too long."""

    def __init__(self, pool, maxSeconds=5):
        self.pool = pool
        self.maxSeconds = maxSeconds
        self.since = {}

    def getConn(self, timeout=None):
        conn = self.pool.getConn(timeout)
        self.since[id(conn)] = time.time()
        return conn

    def putConn(self, conn, broken=False):
        took = time.time() - self.since.pop(id(conn), time.time())
        if took > self.maxSeconds:
            log.warning("connection was out for %.1fs", took, stack_info=True)
        self.pool.putConn(conn, broken)

    def closeAll(self):
        self.pool.closeAll()

    def getStats(self):
        return self.pool.getStats()


class PoolMaker:
    """Makes the pools from tote.ini, each once."""

    def __init__(self, config):
        self.config = config
        self.made = {}

    def getPool(self, name="main"):
        if name not in self.made:
            self.made[name] = self._make("db:" + name)
        return self.made[name]

    def _make(self, section):
        c = self.config
        settings = DbSettings(
            c.get(section, "host"),
            c.get(section, "name"),
            c.get(section, "user"),
            c.get(section, "password"),
            maxConns=c.getint(section, "maxConns"),
        )
        if c.has_option(section, "standby"):
            pool = FailoverPool(settings, c.get(section, "standby"))
        else:
            pool = DbPool(settings)
        if c.has_option(section, "watch"):
            pool = WatchedPool(pool, c.getint(section, "watch"))
        return pool
