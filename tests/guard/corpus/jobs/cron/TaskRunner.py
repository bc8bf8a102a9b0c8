import time


class TaskRunner(object):
    def __init__(self):
        self.tasks = {}

    def scheduleTask(self, taskName, intervalSeconds, callback):
        self.tasks[taskName] = [
            time.time() + intervalSeconds,
            intervalSeconds,
            callback,
        ]

    def cancelTask(self, taskName):
        return self.tasks.pop(taskName, None) is not None

    def listTasks(self):
        return sorted(self.tasks)

    def runPending(self):
        for task in self.tasks.values():
            if task[0] <= time.time():
                task[2]()
                task[0] = time.time() + task[1]

    def getNextRun(self, taskName):
        return self.tasks[taskName][0]
