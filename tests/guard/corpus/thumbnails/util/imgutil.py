"""odds and ends for images"""

import base64
import io

import memcache
from PIL import Image


def imageSize(data):
    return Image.open(io.BytesIO(data)).size


def isLandscape(data):
    w, h = imageSize(data)
    return w >= h


class MiniPics:
    """Very small versions of pictures for select boxes and mails. 32 or 64 pixels,
    kept in memcached for a week. Used by the back office."""

    WEEK = 7 * 24 * 3600

    def __init__(self, servers=("127.0.0.1:11211",)):
        self.mc = memcache.Client(list(servers))

    def mini(self, key, loadFunc, px=32):
        mkey = "mini_%s_%d" % (key, px)
        data = self.mc.get(mkey)
        if not data:
            im = Image.open(io.BytesIO(loadFunc(key)))
            im = im.convert("RGB")
            im.thumbnail((px, px))
            buf = io.BytesIO()
            im.save(buf, "PNG")
            data = buf.getvalue()
            self.mc.set(mkey, data, time=self.WEEK)
        return data

    def dataUri(self, key, loadFunc, px=32):
        return "data:image/png;base64," + base64.b64encode(
            self.mini(key, loadFunc, px)
        ).decode("ascii")

    def flush(self, key):
        for px in (32, 64):
            self.mc.delete("mini_%s_%d" % (key, px))
