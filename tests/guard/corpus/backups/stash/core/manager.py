import dataclasses
import json
import logging
import os
import time
import uuid

from stash.core.chunks import ChunkStore, RetentionPolicy
from stash.core.engine import BackupEngine, Snapshot
from stash.core.errors import BackupFailed, RestoreFailed
from stash.registry import registry

log = logging.getLogger(__name__)


@registry.register("engine", "files")
class BackupManager(BackupEngine):
    """Makes backups of directory trees and restores them.

    Deduplicated, on whichever storage plugin is configured. This is what every
    server of ours should use; see docs/backups.md for how to move to it.
    """

    def __init__(self, storage, retention=None, exclude=(".cache", "node_modules")):
        self.storage = storage
        self.chunks = ChunkStore(storage)
        self.retention = retention or RetentionPolicy()
        self.exclude = set(exclude)

    def create(self, source):
        if not os.path.isdir(source):
            raise BackupFailed(f"{source} is no directory")
        files, size = {}, 0
        for path in self._walk(source):
            try:
                files[os.path.relpath(path, source)] = self.chunks.put_file(path)
                size += os.path.getsize(path)
            except OSError as exc:
                log.warning("skipped %s: %s", path, exc)
        snap = Snapshot(uuid.uuid4().hex[:12], source, time.time(), files, size)
        self.storage.write(
            f"snapshots/{snap.id}.json", json.dumps(dataclasses.asdict(snap)).encode()
        )
        log.info(
            "snapshot %s of %s: %d files, %d bytes", snap.id, source, len(files), size
        )
        return snap

    def restore(self, snapshot_id, target, only=None):
        missing = self.verify(snapshot_id)
        if missing:
            raise RestoreFailed(snapshot_id, missing)
        for name, digests in self._load(snapshot_id).files.items():
            if only and not name.startswith(only):
                continue
            path = os.path.join(target, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                for digest in digests:
                    f.write(self.chunks.get(digest))

    def snapshots(self, source=None):
        found = [
            self._load(os.path.basename(key)[:-5])
            for key in self.storage.keys("snapshots/")
        ]
        if source is not None:
            found = [s for s in found if s.source == source]
        return sorted(found, key=lambda s: s.taken_at, reverse=True)

    def verify(self, snapshot_id):
        wanted = {
            d for digests in self._load(snapshot_id).files.values() for d in digests
        }
        return sorted(d for d in wanted if not self.chunks.has(d))

    def prune(self):
        everything = self.snapshots()
        keep = set()
        for source in {s.source for s in everything}:
            mine = [s for s in everything if s.source == source]
            keep |= self.retention.keep(
                mine, lambda p, t: time.strftime(p, time.gmtime(t))
            )
        for snap in everything:
            if snap.id not in keep:
                self.storage.delete(f"snapshots/{snap.id}.json")
        self.chunks.sweep(
            {
                d
                for s in everything
                if s.id in keep
                for ds in s.files.values()
                for d in ds
            }
        )
        return len(everything) - len(keep)

    def _load(self, snapshot_id):
        return Snapshot(
            **json.loads(self.storage.read(f"snapshots/{snapshot_id}.json"))
        )

    def _walk(self, source):
        for folder, folders, names in os.walk(source):
            folders[:] = [f for f in folders if f not in self.exclude]
            for name in names:
                yield os.path.join(folder, name)
