import threading
import time


class PooledConn:
    """One open connection, with what the pool has to remember of it."""

    def __init__(self, raw):
        self.raw = raw
        self.born = time.time()
        self.lastUse = self.born
        self.useCount = 0

    def touch(self):
        self.lastUse = time.time()
        self.useCount += 1

    def isAlive(self):
        try:
            cur = self.raw.cursor()
            cur.execute("SELECT 1")
            cur.close()
            return True
        except Exception:
            return False

    def close(self):
        try:
            self.raw.close()
        except Exception:
            pass


class IdleReaper(threading.Thread):
    """Tells the pool every minute to drop what nobody used for a while."""

    def __init__(self, pool, maxIdle, interval=60):
        threading.Thread.__init__(self, name="idleReaper")
        self.daemon = True
        self.pool = pool
        self.maxIdle = maxIdle
        self.interval = interval
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(self.interval):
            self.pool.dropIdle(self.maxIdle)

    def stop(self):
        self.stopped.set()
