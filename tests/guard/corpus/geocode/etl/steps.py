import csv


class Step(object):
    """A step of the nightly load: rows in, rows out."""

    name = "?"

    def run(self, rows):
        for row in rows:
            out = self.row(row)
            if out is not None:
                yield out

    def row(self, row):
        return row


class ReadCsv(Step):
    name = "readCsv"

    def __init__(self, path):
        self.path = path

    def run(self, rows):
        with open(self.path, encoding="latin-1") as f:
            for row in csv.DictReader(f, delimiter=";"):
                yield row


class DropDoubles(Step):
    name = "dropDoubles"

    def __init__(self, key):
        self.key = key
        self.seen = set()

    def row(self, row):
        k = row[self.key]
        if k in self.seen:
            return None
        self.seen.add(k)
        return row
