class Job(object):
    def __init__(self, jobName, intervalSeconds, callback):
        self.jobName = jobName
        self.intervalSeconds = intervalSeconds
        self.callback = callback
        self.nextRun = None
        self.failures = []

    def isDue(self, now):
        return self.nextRun is not None and self.nextRun <= now

    def execute(self):
        try:
            self.callback()
        except Exception as error:
            self.failures.append(error)

    def getNextRun(self):
        return self.nextRun
