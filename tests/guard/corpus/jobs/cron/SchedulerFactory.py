from cron.JobScheduler import JobScheduler


class SchedulerFactory(object):
    def __init__(self, clock):
        self.clock = clock

    def createScheduler(self):
        scheduler = JobScheduler(self.clock)
        return scheduler

    def createWithJobs(self, jobs):
        scheduler = self.createScheduler()
        for jobName, seconds, callback in jobs:
            scheduler.scheduleJob(jobName, seconds, callback)
        return scheduler
