"""Small things the pools pass around."""


class PoolError(Exception):
    pass


class PoolEmpty(PoolError):
    """All connections are out, and none came back in time."""


class PoolClosed(PoolError):
    """The pool was shut down."""


class PoolStats:
    def __init__(self, free, used, opened, waited):
        self.free = free
        self.used = used
        self.opened = opened
        self.waited = waited

    def __repr__(self):
        return "<PoolStats free=%d used=%d opened=%d waited=%.1fs>" % (
            self.free,
            self.used,
            self.opened,
            self.waited,
        )


class DbSettings:
    def __init__(self, host, dbName, user, password, port=5432, maxConns=10):
        self.host = host
        self.dbName = dbName
        self.user = user
        self.password = password
        self.port = port
        self.maxConns = maxConns

    def asDsn(self):
        return "host=%s port=%d dbname=%s user=%s password=%s" % (
            self.host,
            self.port,
            self.dbName,
            self.user,
            self.password,
        )
