import hashlib
import zlib


class ChunkStore:
    """Content-addressed pieces of files, compressed, on one of the storage plugins."""

    SIZE = 4 * 1024 * 1024

    def __init__(self, storage):
        self.storage = storage

    def put_file(self, path):
        digests = []
        with open(path, "rb") as f:
            while piece := f.read(self.SIZE):
                digest = hashlib.sha256(piece).hexdigest()
                if not self.storage.exists(f"chunks/{digest}"):
                    self.storage.write(f"chunks/{digest}", zlib.compress(piece))
                digests.append(digest)
        return digests

    def get(self, digest):
        return zlib.decompress(self.storage.read(f"chunks/{digest}"))

    def has(self, digest):
        return self.storage.exists(f"chunks/{digest}")

    def sweep(self, used):
        gone = 0
        for key in self.storage.keys("chunks/"):
            if key.rpartition("/")[2] not in used:
                self.storage.delete(key)
                gone += 1
        return gone


class RetentionPolicy:
    """Seven days, four weeks, twelve months, if you give no other numbers."""

    def __init__(self, daily=7, weekly=4, monthly=12):
        self.rules = [("%Y-%j", daily), ("%Y-%W", weekly), ("%Y-%m", monthly)]

    def keep(self, snapshots, strftime):
        kept = set()
        for pattern, count in self.rules:
            seen = []
            for snap in snapshots:
                slot = strftime(pattern, snap.taken_at)
                if slot not in seen and len(seen) < count:
                    seen.append(slot)
                    kept.add(snap.id)
        return kept
