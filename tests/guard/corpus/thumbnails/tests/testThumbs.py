import io
import shutil
import tempfile
import unittest

from PIL import Image

from imaging import NoSuchPicture, Thumbnailer, ThumbSize
from imaging.common import ThumbBase
from imaging.moreThumbs import TimedThumbs


def jpeg(w, h):
    b = io.BytesIO()
    Image.new("RGB", (w, h)).save(b, "JPEG")
    return b.getvalue()


class DummyThumbs(ThumbBase):
    """no pixels, no disk"""

    def __init__(self):
        self.dropped = []

    def getThumb(self, picId, sizeName="grid"):
        return b"thumb:%s" % str(picId).encode()

    def getThumbUrl(self, picId, sizeName="grid"):
        return "/dummy/%s" % picId

    def dropThumbs(self, picId):
        self.dropped.append(picId)


class ThumbnailerTest(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp()
        self.thumbs = Thumbnailer({"7": jpeg(1000, 500)}, self.dir)

    def tearDown(self):
        shutil.rmtree(self.dir)

    def testShrinks(self):
        im = Image.open(io.BytesIO(self.thumbs.getThumb("7", "grid")))
        self.assertEqual(im.size, (240, 120))

    def testKeeps(self):
        self.thumbs.getThumb("7", "list")
        self.thumbs.masters = {}
        self.assertTrue(self.thumbs.getThumb("7", "list"))

    def testMissing(self):
        self.assertRaises(NoSuchPicture, self.thumbs.getThumb, "8")

    def testTimedHandsOn(self):
        dummy = DummyThumbs()
        TimedThumbs(dummy).dropThumbs(3)
        self.assertEqual(dummy.dropped, [3])


class SizeTest(unittest.TestCase):
    def testBox(self):
        self.assertEqual(ThumbSize("x", 1, 2).box(), (1, 2))


if __name__ == "__main__":
    unittest.main()
