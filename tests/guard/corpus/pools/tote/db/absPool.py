# $Id: absPool.py,v 1.4 2006/02/11 henk $
"""What a pool of connections must be able to do."""


class AbstractPool:
    def getConn(self, timeout=None):
        """A connection that nobody else has. Raises PoolEmpty after the timeout."""
        raise NotImplementedError

    def putConn(self, conn, broken=False):
        """Give a connection back."""
        raise NotImplementedError

    def closeAll(self):
        """Close every connection. The pool is of no use afterwards."""
        raise NotImplementedError

    def getStats(self):
        """A PoolStats."""
        raise NotImplementedError
