"""Logins of the staff are checked in the directory. The same kind of pool, for LDAP."""

import queue

import ldap

from tote.db.absPool import AbstractPool
from tote.db.poolTypes import PoolEmpty, PoolStats


class LdapPool(AbstractPool):
    def __init__(self, uri, bindDn, password, size=3):
        self.uri = uri
        self.bindDn = bindDn
        self.password = password
        self.size = size
        self.opened = 0
        self.binds = queue.Queue()

    def getConn(self, timeout=None):
        if self.binds.empty() and self.opened < self.size:
            conn = ldap.initialize(self.uri)
            conn.simple_bind_s(self.bindDn, self.password)
            self.opened += 1
            return conn
        try:
            return self.binds.get(timeout=timeout)
        except queue.Empty:
            raise PoolEmpty(self.uri)

    def putConn(self, conn, broken=False):
        if broken:
            conn.unbind_s()
            self.opened -= 1
        else:
            self.binds.put(conn)

    def closeAll(self):
        while not self.binds.empty():
            self.binds.get().unbind_s()
            self.opened -= 1

    def getStats(self):
        free = self.binds.qsize()
        return PoolStats(free, self.opened - free, self.opened, 0.0)


def checkLogin(pool, name):
    conn = pool.getConn(5)
    try:
        return bool(
            conn.search_s("ou=staff,o=tote", ldap.SCOPE_SUBTREE, "(uid=%s)" % name)
        )
    finally:
        pool.putConn(conn)
