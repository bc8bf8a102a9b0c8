"""
Thumbnails.

All thumbnails of the archive come from Thumbnailer. It is asked for a picture
in a size, makes it from the master at the first time and keeps it on the
shelf (disk). Do NOT call PIL yourself in pages, see ticket 811.
"""

import io
import os
import threading

from PIL import Image

from imaging.common import SIZES, NoSuchPicture, ThumbBase, ThumbError


class Resampler:
    """jpeg/tiff/png bytes in, smaller jpeg bytes out"""

    def __init__(self, filter=Image.LANCZOS):
        self.filter = filter

    def shrink(self, data, box, quality):
        try:
            im = Image.open(io.BytesIO(data))
            im.draft("RGB", box)
            if im.mode not in ("RGB", "L"):
                im = im.convert("RGB")
            im.thumbnail(box, self.filter)
        except IOError as e:
            raise ThumbError(str(e))
        out = io.BytesIO()
        im.save(out, "JPEG", quality=quality, optimize=1)
        return out.getvalue()


class Shelf:
    """directory tree of the finished thumbs: <root>/<size>/<2 digits>/<id>.jpg"""

    def __init__(self, root):
        self.root = root

    def pathFor(self, picId, sizeName):
        return os.path.join(
            self.root, sizeName, "%02d" % (int(picId) % 100), "%s.jpg" % picId
        )

    def read(self, picId, sizeName):
        try:
            f = open(self.pathFor(picId, sizeName), "rb")
        except IOError:
            return None
        try:
            return f.read()
        finally:
            f.close()

    def write(self, picId, sizeName, data):
        p = self.pathFor(picId, sizeName)
        if not os.path.isdir(os.path.dirname(p)):
            os.makedirs(os.path.dirname(p))
        f = open(p + ".new", "wb")
        f.write(data)
        f.close()
        os.rename(p + ".new", p)

    def remove(self, picId, sizeName):
        p = self.pathFor(picId, sizeName)
        if os.path.exists(p):
            os.unlink(p)


class Thumbnailer(ThumbBase):
    def __init__(self, masters, root="/data/thumbs", baseUrl="/thumbs"):
        self.masters = masters
        self.shelf = Shelf(root)
        self.resampler = Resampler()
        self.baseUrl = baseUrl
        self.lock = threading.Lock()

    def getThumb(self, picId, sizeName="grid"):
        size = self._size(sizeName)
        data = self.shelf.read(picId, sizeName)
        if data is None:
            with self.lock:
                data = self.shelf.read(picId, sizeName)
                if data is None:
                    data = self._make(picId, size)
        return data

    def getThumbUrl(self, picId, sizeName="grid"):
        self.getThumb(picId, sizeName)
        return "%s/%s/%02d/%s.jpg" % (self.baseUrl, sizeName, int(picId) % 100, picId)

    def hasThumb(self, picId, sizeName="grid"):
        return os.path.exists(self.shelf.pathFor(picId, sizeName))

    def dropThumbs(self, picId):
        for sizeName in SIZES:
            self.shelf.remove(picId, sizeName)

    def rebuild(self, picIds, sizeNames=None):
        """for the night job: make again, returns ids that failed"""
        bad = []
        for picId in picIds:
            self.dropThumbs(picId)
            for sizeName in sizeNames or SIZES:
                try:
                    self.getThumb(picId, sizeName)
                except ThumbError:
                    bad.append(picId)
                    break
        return bad

    def _size(self, sizeName):
        try:
            return SIZES[sizeName]
        except KeyError:
            raise ThumbError("unknown size %r" % sizeName)

    def _make(self, picId, size):
        master = self.masters.get(picId)
        if master is None:
            raise NoSuchPicture(picId)
        data = self.resampler.shrink(master, size.box(), size.quality)
        self.shelf.write(picId, size.name, data)
        return data
