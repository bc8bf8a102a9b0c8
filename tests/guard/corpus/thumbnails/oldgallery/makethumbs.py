# first gallery, 2004. Static pages for the exhibitions are still built by this
import os
import sys

from PIL import Image

EXT = (".jpg", ".jpeg", ".JPG", ".gif", ".png")


class ThumbMaker:
    def __init__(self, dir, maxSize=150):
        self.dir = dir
        self.maxSize = maxSize
        self.thumbDir = os.path.join(dir, ".thumbs")
        if not os.path.isdir(self.thumbDir):
            os.mkdir(self.thumbDir)

    def thumbName(self, fn):
        return os.path.join(self.thumbDir, os.path.splitext(fn)[0] + "_t.jpg")

    def make(self, fn):
        src = os.path.join(self.dir, fn)
        dst = self.thumbName(fn)
        if os.path.exists(dst) and os.path.getmtime(dst) >= os.path.getmtime(src):
            return dst
        im = Image.open(src)
        if im.mode != "RGB":
            im = im.convert("RGB")
        w, h = im.size
        f = float(self.maxSize) / max(w, h)
        if f < 1:
            im = im.resize((int(w * f), int(h * f)), Image.BILINEAR)
        im.save(dst, "JPEG", quality=75)
        return dst

    def makeAll(self):
        n = 0
        for fn in os.listdir(self.dir):
            if fn.endswith(EXT):
                self.make(fn)
                n = n + 1
        return n

    def clean(self):
        for fn in os.listdir(self.thumbDir):
            os.remove(os.path.join(self.thumbDir, fn))


if __name__ == "__main__":
    for d in sys.argv[1:]:
        print("%s: %d" % (d, ThumbMaker(d).makeAll()))
