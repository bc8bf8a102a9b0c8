import os
import tempfile
import unittest

from PIL import Image

from oldgallery.makethumbs import ThumbMaker


class MakerTest(unittest.TestCase):
    def testMakeAll(self):
        d = tempfile.mkdtemp()
        Image.new("RGB", (600, 300)).save(os.path.join(d, "a.jpg"))
        m = ThumbMaker(d)
        self.assertEqual(m.makeAll(), 1)
        self.assertEqual(Image.open(m.thumbName("a.jpg")).size, (150, 75))
