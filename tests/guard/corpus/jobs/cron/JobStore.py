import json


class JobStore(object):
    def __init__(self, path):
        self.path = path
        self.rows = {}

    def saveJob(self, job):
        self.rows[job.jobName] = job.intervalSeconds
        self.flush()

    def deleteJob(self, jobName):
        self.rows.pop(jobName, None)
        self.flush()

    def listJobs(self):
        return sorted(self.rows)

    def flush(self):
        with open(self.path, "w") as file:
            json.dump(self.rows, file)
