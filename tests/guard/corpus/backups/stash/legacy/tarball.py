import glob
import os
import tarfile
import time


class TarBackup:
    """Old backup. Full tar.gz each time. Mail server (zeus) still on it."""

    def __init__(self, directory="/backup"):
        self.directory = directory

    def backup(self, path):
        name = path.strip("/").replace("/", "_")
        fn = os.path.join(
            self.directory, "%s-%s.tar.gz" % (name, time.strftime("%Y%m%d%H%M"))
        )
        tar = tarfile.open(fn, "w:gz")
        try:
            tar.add(path, arcname=".")
        finally:
            tar.close()
        return fn

    def list(self, path):
        name = path.strip("/").replace("/", "_")
        return sorted(glob.glob(os.path.join(self.directory, name + "-*.tar.gz")))

    def extract(self, fn, where):
        tar = tarfile.open(fn)
        tar.extractall(where)
        tar.close()


if __name__ == "__main__":
    t = TarBackup()
    for p in ("/var/mail", "/etc/postfix"):
        print(t.backup(p))
