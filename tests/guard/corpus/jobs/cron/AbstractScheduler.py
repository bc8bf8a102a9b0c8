class AbstractScheduler(object):
    def __init__(self, clock):
        self.clock = clock
        self.jobs = {}

    def listJobs(self):
        return sorted(self.jobs)
