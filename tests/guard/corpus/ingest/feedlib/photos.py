import os
import shutil
import time

from feedlib.abstract import AbstractImporter


class StudioPhotoImporter(AbstractImporter):
    """Moves the pictures that our own studio has taken from its share to the image store.
    Runs under the same scheduler as the feeds."""

    def __init__(self, share, store, db):
        self.share = share
        self.store = store
        self.db = db
        self._last = None

    def importFrom(self, source):
        partNo = os.path.basename(source).split("_")[0]
        target = os.path.join(self.store, partNo[:2], os.path.basename(source))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.move(source, target)
        cur = self.db.cursor()
        cur.execute(
            "INSERT INTO part_image (part_no, path) VALUES (%s, %s)", (partNo, target)
        )
        self.db.commit()
        self._last = time.time()
        return target

    def importAll(self):
        return [
            self.importFrom(os.path.join(self.share, n))
            for n in os.listdir(self.share)
            if n.endswith(".jpg")
        ]

    def lastRun(self):
        return self._last
