class JobListener(object):
    def scheduleJob(self, jobName):
        pass

    def cancelJob(self, jobName):
        pass

    def runPending(self):
        raise NotImplementedError
