import csv
import json
from xml.etree import ElementTree

from feedlib.errors import BadRow


class CsvParser(object):
    def __init__(self, delimiter=";", encoding="latin-1"):
        self.delimiter = delimiter
        self.encoding = encoding

    def rows(self, path):
        with open(path, encoding=self.encoding, newline="") as f:
            for lineNo, row in enumerate(
                csv.DictReader(f, delimiter=self.delimiter), 2
            ):
                yield lineNo, row


class XmlParser(object):
    def __init__(self, tag="item"):
        self.tag = tag

    def rows(self, path):
        n = 0
        for _, elem in ElementTree.iterparse(path):
            if elem.tag == self.tag:
                n += 1
                yield n, dict((child.tag, child.text) for child in elem)
                elem.clear()


class JsonLinesParser(object):
    def rows(self, path):
        with open(path) as f:
            for lineNo, line in enumerate(f, 1):
                yield lineNo, json.loads(line)


class RowMapper(object):
    """Turns a supplier's columns to ours. mapping: our name -> their name."""

    REQUIRED = ("partNo", "title", "price")

    def __init__(self, mapping):
        self.mapping = mapping

    def map(self, lineNo, row):
        out = dict(
            (ours, (row.get(theirs) or "").strip())
            for ours, theirs in self.mapping.items()
        )
        for name in self.REQUIRED:
            if not out.get(name):
                raise BadRow(lineNo, "no %s" % name)
        try:
            out["price"] = float(out["price"].replace(",", "."))
        except ValueError:
            raise BadRow(lineNo, "price %r" % out["price"])
        return out


PARSERS = {"csv": CsvParser, "xml": XmlParser, "jsonl": JsonLinesParser}
