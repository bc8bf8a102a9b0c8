# -*- coding: latin-1 -*-
import os
import signal
import subprocess
import time


class CronRunner:
    """Poor man's cron: runs one command each at its minute."""

    def __init__(self):
        self.jobs = []

    def add(self, minute, command):
        self.jobs.append((minute, command))

    def run(self):
        while 1:
            now = time.localtime()
            for minute, command in self.jobs:
                if now.tm_min == minute:
                    os.system(command + " &")
            time.sleep(60 - time.localtime().tm_sec)


class ProcessControl:
    """Starts and stops the server processes on this machine."""

    def __init__(self, pidDir="/polis/run"):
        self.pidDir = pidDir

    def start(self, name, argv):
        p = subprocess.Popen(argv)
        f = open(os.path.join(self.pidDir, name), "w")
        f.write(str(p.pid))
        f.close()

    def stop(self, name):
        os.kill(self._pid(name), signal.SIGTERM)

    def state(self, name):
        try:
            os.kill(self._pid(name), 0)
            return "RUNNING"
        except (OSError, IOError):
            return "DOWN"

    def _pid(self, name):
        return int(open(os.path.join(self.pidDir, name)).read())
