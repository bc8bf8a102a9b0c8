class SchedulerConfig(object):
    def __init__(self, values):
        self.values = dict(values)

    def getInterval(self, jobName):
        return int(self.values.get(jobName + ".interval", 60))

    def getThreads(self):
        return int(self.values.get("threads", 1))
