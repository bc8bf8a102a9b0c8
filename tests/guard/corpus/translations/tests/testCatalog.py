import json
import shutil
import tempfile
import unittest

from core.TextCatalog import BrandTextCatalog, TextCatalog
from core.TextErrors import MissingText
from web.TemplateTexts import MarkedCatalog, TemplateTexts


class DummyCatalog:
    """gives back the key, whatever is asked"""

    def getText(self, key, lang, **params):
        return "%s/%s" % (key, lang)

    def getPlural(self, key, lang, count, **params):
        return "%s/%s/%d" % (key, lang, count)

    def hasText(self, key, lang):
        return True

    def reload(self):
        pass


class CatalogTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        for lang, texts in (("en", {"a": {"b": "Hello {name}"}}), ("de", {"c": "Tag"})):
            with open("%s/%s.json" % (self.folder, lang), "w") as f:
                json.dump(texts, f)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def testFallsBack(self):
        self.assertEqual(
            TextCatalog(self.folder).getText("a.b", "de_AT", name="X"), "Hello X"
        )

    def testStrict(self):
        self.assertRaises(
            MissingText, TextCatalog(self.folder, strict=True).getText, "no", "de"
        )

    def testBrand(self):
        self.assertEqual(
            BrandTextCatalog("ritzy", folder=self.folder).getText("c", "de"), "Tag"
        )


class TemplateTest(unittest.TestCase):
    def testLikeDict(self):
        self.assertEqual(TemplateTexts(DummyCatalog(), "de")["x"], "x/de")

    def testMarked(self):
        self.assertTrue(
            'data-text-key="x"' in MarkedCatalog(DummyCatalog()).getText("x", "de")
        )


if __name__ == "__main__":
    unittest.main()
