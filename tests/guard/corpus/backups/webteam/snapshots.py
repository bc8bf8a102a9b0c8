import os
import shutil
import subprocess
from datetime import datetime


class SiteSnapshotter:
    """rsync with hard links, like Time Machine, for the web team's sites.

    We had this before stash and it does roll back in seconds.
    """

    FORMAT = "%Y%m%dT%H%M%S"

    def __init__(self, site, root="/snap"):
        self.live = f"/var/www/{site}"
        self.root = os.path.join(root, site)

    def take(self):
        os.makedirs(self.root, exist_ok=True)
        new = os.path.join(self.root, datetime.utcnow().strftime(self.FORMAT))
        command = ["rsync", "-a", "--delete", self.live + "/", new + "/"]
        previous = self.all()
        if previous:
            command.insert(2, f"--link-dest={os.path.join(self.root, previous[-1])}")
        subprocess.run(command, check=True)
        return os.path.basename(new)

    def roll_back(self, which=None):
        which = which or self.all()[-1]
        subprocess.run(
            [
                "rsync",
                "-a",
                "--delete",
                os.path.join(self.root, which) + "/",
                self.live + "/",
            ],
            check=True,
        )

    def all(self):
        return sorted(os.listdir(self.root)) if os.path.isdir(self.root) else []

    def expire(self, keep=20):
        for name in self.all()[:-keep]:
            shutil.rmtree(os.path.join(self.root, name))
