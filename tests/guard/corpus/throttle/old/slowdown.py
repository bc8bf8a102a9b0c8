# Slow down!  (hk, 2008)
# A file for each host, its mtime is the last call. Works over NFS, more or less.
import fcntl
import os
import time


class SlowDown:
    def __init__(self, host, pause=3, dir="/var/tmp/slowdown"):
        self.file = os.path.join(dir, host)
        self.pause = pause
        if not os.path.isdir(dir):
            os.makedirs(dir)

    def wait(self):
        f = open(self.file, "a")
        fcntl.flock(f, fcntl.LOCK_EX)
        try:
            rest = os.path.getmtime(self.file) + self.pause - time.time()
            if rest > 0 and os.path.getsize(self.file) > 0:
                time.sleep(rest)
            f.write(".")
            f.flush()
            os.utime(self.file, None)
        finally:
            fcntl.flock(f, fcntl.LOCK_UN)
            f.close()
