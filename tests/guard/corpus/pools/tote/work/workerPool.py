import logging
import queue
import threading
import time

log = logging.getLogger("tote.work")


class WorkerPool:
    """A fixed number of threads that take jobs off a queue."""

    def __init__(self, size=4):
        self.jobs = queue.Queue()
        self.closed = False
        self.threads = []
        for i in range(size):
            t = threading.Thread(target=self._loop, name="worker%d" % i, daemon=True)
            t.start()
            self.threads.append(t)

    def run(self, func, *args):
        if self.closed:
            raise RuntimeError("the pool is closed")
        self.jobs.put((func, args))

    def _loop(self):
        while True:
            func, args = self.jobs.get()
            if func is None:
                return
            try:
                func(*args)
            except Exception:
                log.exception("job %r failed", func)

    def getStats(self):
        return {"waiting": self.jobs.qsize(), "threads": len(self.threads)}

    def closeAll(self):
        self.closed = True
        for _ in self.threads:
            self.jobs.put((None, ()))
        for t in self.threads:
            t.join()


class LockTable:
    """One lock for each race, so that two windows do not sell into the same race at once."""

    def __init__(self):
        self.cond = threading.Condition()
        self.held = {}

    def acquire(self, raceId, timeout=None):
        with self.cond:
            if not self.cond.wait_for(lambda: raceId not in self.held, timeout):
                raise TimeoutError(raceId)
            self.held[raceId] = (threading.get_ident(), time.time())

    def release(self, raceId):
        with self.cond:
            del self.held[raceId]
            self.cond.notify_all()
