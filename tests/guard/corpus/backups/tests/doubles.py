from stash.core.engine import Snapshot
from stash.core.errors import RestoreFailed


class MemoryBackups:
    def __init__(self):
        self.taken = []
        self.restored = []

    def create(self, source):
        snap = Snapshot(f"s{len(self.taken)}", source, float(len(self.taken)))
        self.taken.append(snap)
        return snap

    def restore(self, snapshot_id, target, only=None):
        if snapshot_id not in [s.id for s in self.taken]:
            raise RestoreFailed(snapshot_id, ["?"])
        self.restored.append((snapshot_id, target))

    def snapshots(self, source=None):
        return [s for s in reversed(self.taken) if source in (None, s.source)]

    def prune(self):
        return 0
