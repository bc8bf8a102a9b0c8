"""The terminals' scripts still say connect() and disconnect(). So let them."""


class DbAccess:
    def __init__(self, pool):
        self.pool = pool

    def connect(self):
        return self.pool.getConn(30)

    def disconnect(self, conn):
        self.pool.putConn(conn)

    def connectionLost(self, conn):
        self.pool.putConn(conn, True)

    def shutdown(self):
        self.pool.closeAll()
