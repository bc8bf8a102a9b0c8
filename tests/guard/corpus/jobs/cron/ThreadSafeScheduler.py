import threading


class ThreadSafeScheduler(object):
    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.lock = threading.RLock()

    def scheduleJob(self, jobName, intervalSeconds, callback):
        with self.lock:
            return self.scheduler.scheduleJob(jobName, intervalSeconds, callback)

    def cancelJob(self, jobName):
        with self.lock:
            return self.scheduler.cancelJob(jobName)

    def listJobs(self):
        with self.lock:
            return self.scheduler.listJobs()

    def runPending(self):
        if not self.lock.acquire(blocking=False):
            return 0
        try:
            return self.scheduler.runPending()
        finally:
            self.lock.release()
