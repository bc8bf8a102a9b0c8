class StubScheduler(object):
    def __init__(self):
        self.jobs = {}

    def scheduleJob(self, jobName, intervalSeconds, callback):
        self.jobs[jobName] = callback

    def cancelJob(self, jobName):
        del self.jobs[jobName]

    def listJobs(self):
        return list(self.jobs)

    def runPending(self):
        for callback in self.jobs.values():
            callback()
