import json
import os
import tempfile
import unittest
from decimal import Decimal

from oms.pricing.engine import PriceEngine
from oms.pricing.steps import DiscountStack, QuantityBreaks
from oms.rpc import PriceRpc
from till import TillPrices
from fakes import TenEuroPricer


class DictDb(object):
    def __init__(self, ones, alls=None):
        self.ones = ones
        self.alls = alls or {}

    def one(self, sql, *args):
        for table, row in self.ones.items():
            if "FROM " + table in sql:
                return row

    def all(self, sql, *args):
        for table, rows in self.alls.items():
            if "FROM " + table in sql:
                return rows
        return []


class EngineTest(unittest.TestCase):
    def testGroupDiscount(self):
        db = DictDb(
            {"CUSTOMER": ("A", "G1", "AT"), "PLITEM": ("100",), "GROUPDISC": ("10",)}
        )
        line = PriceEngine(db, {"AT": Decimal("0.2")}).priceFor("4711", "X1", 2)
        self.assertEqual(line.netPrice, Decimal("90.00"))
        self.assertEqual(line.vat, Decimal("36.00"))

    def testCampaignReplaces(self):
        s = DiscountStack()
        s.add("g", 5)
        s.setCampaign("summer", 20)
        self.assertEqual(s.factor(), Decimal("0.8"))

    def testBreaks(self):
        self.assertEqual(QuantityBreaks([(10, 3), (100, 7)]).percentAt(50), 3)

    def testRpc(self):
        self.assertEqual(PriceRpc(TenEuroPricer()).getPrice("1", "X", "3"), "10")


class TillTest(unittest.TestCase):
    def testThreeForTwo(self):
        d = tempfile.mkdtemp()
        with open(os.path.join(d, "prices.json"), "w") as f:
            json.dump({"90": {"cents": 200}}, f)
        with open(os.path.join(d, "happyhour.json"), "w") as f:
            json.dump({"90": {"kind": "3for2"}}, f)
        self.assertEqual(TillPrices(d).ring("90", 3), 400)
