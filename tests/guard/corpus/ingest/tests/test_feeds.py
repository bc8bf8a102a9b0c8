import unittest

from feedlib.errors import BadRow
from feedlib.parsers import RowMapper
from feedlib.records import FeedSource
from stock.nightly import SupplierSync
from tests.fakes import FakeImporter


class RowMapperTest(unittest.TestCase):
    def testPriceWithComma(self):
        mapper = RowMapper({"partNo": "NR", "title": "T", "price": "P"})
        self.assertEqual(
            mapper.map(1, {"NR": "a", "T": "b", "P": "1,50"})["price"], 1.5
        )

    def testMissing(self):
        self.assertRaises(BadRow, RowMapper({"partNo": "NR"}).map, 1, {})


class SyncTest(unittest.TestCase):
    def testOnlyThatSupplier(self):
        fake = FakeImporter()
        a, b = FeedSource(1, 7, "", "csv", {}), FeedSource(2, 8, "", "csv", {})
        SupplierSync(fake, [a, b]).sync(8)
        self.assertEqual(fake.imported, [b])
