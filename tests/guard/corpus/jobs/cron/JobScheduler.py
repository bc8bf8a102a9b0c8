from cron.AbstractScheduler import AbstractScheduler
from cron.Job import Job


class JobScheduler(AbstractScheduler):
    """Runs jobs when their time has come."""

    def scheduleJob(self, jobName, intervalSeconds, callback):
        job = Job(jobName, intervalSeconds, callback)
        job.nextRun = self.clock.now() + intervalSeconds
        self.jobs[jobName] = job
        return job

    def cancelJob(self, jobName):
        return self.jobs.pop(jobName, None) is not None

    def runPending(self):
        count = 0
        for job in list(self.jobs.values()):
            if job.isDue(self.clock.now()):
                job.execute()
                job.nextRun = self.clock.now() + job.intervalSeconds
                count += 1
        return count

    def getNextRun(self, jobName):
        return self.jobs[jobName].nextRun

    def shutdown(self):
        self.jobs.clear()
