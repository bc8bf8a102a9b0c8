import threading


class BackgroundJobs(object):
    """Jobs of the web server."""

    def __init__(self):
        self.timers = {}

    def scheduleJob(self, jobName, intervalSeconds, callback):
        def again():
            callback()
            self.scheduleJob(jobName, intervalSeconds, callback)

        timer = threading.Timer(intervalSeconds, again)
        self.timers[jobName] = timer
        timer.start()

    def cancelJob(self, jobName):
        self.timers.pop(jobName).cancel()

    def listJobs(self):
        return sorted(self.timers)

    def shutdown(self):
        for timer in self.timers.values():
            timer.cancel()
