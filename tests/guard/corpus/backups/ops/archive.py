import gzip
import os
import shutil
import time


class LogArchiver:
    """Compresses old log files and moves them out of /var/log, for the law's seven years."""

    def __init__(self, source="/var/log", archive="/archive/logs", age_days=30):
        self.source = source
        self.archive = archive
        self.age = age_days * 86400

    def run(self):
        moved = []
        for name in os.listdir(self.source):
            path = os.path.join(self.source, name)
            if (
                not name.endswith(".log")
                or time.time() - os.path.getmtime(path) < self.age
            ):
                continue
            with (
                open(path, "rb") as src,
                gzip.open(os.path.join(self.archive, name + ".gz"), "wb") as dst,
            ):
                shutil.copyfileobj(src, dst)
            os.remove(path)
            moved.append(name)
        return moved

    def prune(self, years=7):
        for name in os.listdir(self.archive):
            path = os.path.join(self.archive, name)
            if time.time() - os.path.getmtime(path) > years * 365 * 86400:
                os.remove(path)
