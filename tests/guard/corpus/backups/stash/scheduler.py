import sched
import time

from croniter import croniter

from stash.builder import ManagerBuilder


class BackupScheduler:
    """Decides when; the manager decides how."""

    def __init__(self, manager):
        self.manager = manager
        self.queue = sched.scheduler(time.time, time.sleep)
        self.jobs = {}

    def add(self, source, cron):
        self.jobs[source] = cron
        self._plan(source)

    def remove(self, source):
        self.jobs.pop(source, None)

    def _plan(self, source):
        if source in self.jobs:
            self.queue.enterabs(
                croniter(self.jobs[source], time.time()).get_next(),
                1,
                self._run,
                (source,),
            )

    def _run(self, source):
        try:
            self.manager.create(source)
            self.manager.prune()
        finally:
            self._plan(source)

    def run(self):
        self.queue.run()


def main():
    builder = ManagerBuilder()
    scheduler = BackupScheduler(builder.build_notifying())
    for source, cron in builder.conf["jobs"].items():
        scheduler.add(source, cron)
    scheduler.run()
