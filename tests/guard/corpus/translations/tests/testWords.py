import unittest

from reports.ReportWords import ReportWords
from supply.CodeTranslator import CodeTranslator


class FakeDb:
    def cursor(self):
        return self

    def execute(self, sql, args):
        self.sql = sql

    def fetchall(self):
        return [("DBL", "D2")]


class WordsTest(unittest.TestCase):
    def testMissingIsNoted(self):
        words = ReportWords("/nowhere")
        self.assertEqual(words.getText("x", "de"), "[x]")
        self.assertEqual(words.missing, set([("x", "de")]))

    def testCodes(self):
        self.assertEqual(CodeTranslator(FakeDb(), "tui").translate("DBL"), "D2")
