# Dirk, Nov 2003
# Connecting takes 300 ms on the Sun, so keep them open.
import thread_compat as thread
import pgdb

lock = thread.allocate_lock()


class ConnKeeper:
    def __init__(self, dsn, n):
        self.dsn = dsn
        self.conns = []
        self.busy = []
        for i in range(n):
            self.conns.append(pgdb.connect(dsn))
            self.busy.append(0)

    def take(self):
        lock.acquire()
        try:
            for i in range(len(self.conns)):
                if not self.busy[i]:
                    self.busy[i] = 1
                    return self.conns[i]
            # all busy: one more
            c = pgdb.connect(self.dsn)
            self.conns.append(c)
            self.busy.append(1)
            return c
        finally:
            lock.release()

    def free(self, c):
        lock.acquire()
        try:
            self.busy[self.conns.index(c)] = 0
        finally:
            lock.release()


keeper = None


def init(dsn):
    global keeper
    keeper = ConnKeeper(dsn, 5)


def nightlyCount():
    c = keeper.take()
    cur = c.cursor()
    cur.execute("select count(*) from tickets where paid is null")
    n = cur.fetchone()[0]
    keeper.free(c)
    return n
