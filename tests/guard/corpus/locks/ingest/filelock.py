"""Lock files on the NFS share. All ingest hosts mount /mnt/ingest."""

import errno
import os
import socket
import time


class LockDir(object):
    def __init__(self, root="/mnt/ingest/.locks", stale=3600):
        self.root = root
        self.stale = stale
        if not os.path.isdir(root):
            os.makedirs(root)

    def path(self, name):
        return os.path.join(self.root, name.replace("/", "__") + ".lock")

    def lock(self, name, block=True):
        path = self.path(name)
        while 1:
            try:
                fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            except OSError as e:
                if e.errno != errno.EEXIST:
                    raise
                self._clean(path)
                if not block:
                    return False
                time.sleep(1)
            else:
                os.write(fd, ("%s %d\n" % (socket.gethostname(), os.getpid())).encode())
                os.close(fd)
                return True

    def unlock(self, name):
        os.unlink(self.path(name))

    def who(self, name):
        with open(self.path(name)) as f:
            return f.read().split()

    def _clean(self, path):
        try:
            if time.time() - os.stat(path).st_mtime > self.stale:
                os.unlink(path)
        except OSError:
            pass
