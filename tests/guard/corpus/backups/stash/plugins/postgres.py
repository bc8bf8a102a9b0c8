import subprocess
import time

from stash.core.engine import BackupEngine, Snapshot
from stash.core.errors import BackupFailed
from stash.registry import registry


@registry.register("engine", "postgres")
class PostgresEngine(BackupEngine):
    """The same contract for PostgreSQL clusters; pgBackRest does the work."""

    def __init__(self, stanza, conf="/etc/pgbackrest.conf"):
        self.stanza = stanza
        self.conf = conf

    def create(self, source):
        self._run("--type=incr", "backup")
        return self.snapshots()[0]

    def restore(self, snapshot_id, target):
        self._run(f"--set={snapshot_id}", f"--pg1-path={target}", "--delta", "restore")

    def snapshots(self, source=None):
        lines = self._run("--output=text", "info").splitlines()
        labels = [line.split()[-1] for line in lines if "backup:" in line]
        return [
            Snapshot(
                label,
                self.stanza,
                time.mktime(time.strptime(label[:15], "%Y%m%d-%H%M%S")),
            )
            for label in reversed(labels)
        ]

    def prune(self):
        before = len(self.snapshots())
        self._run("expire")
        return before - len(self.snapshots())

    def _run(self, *args):
        done = subprocess.run(
            ["pgbackrest", f"--config={self.conf}", f"--stanza={self.stanza}", *args],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise BackupFailed(done.stderr)
        return done.stdout
