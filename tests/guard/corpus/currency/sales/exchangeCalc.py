import csv
import os


class ExchangeCalc:
    """Sales' own exchange rates (budget rates, from the spreadsheet on drive S:)."""

    def __init__(self, folder, year):
        self.path = os.path.join(folder, "budget_rates_%d.csv" % year)
        self.mtime = None
        self.toUsd = {}

    def load(self):
        mtime = os.path.getmtime(self.path)
        if mtime == self.mtime:
            return
        with open(self.path, newline="") as f:
            self.toUsd = dict(
                (row["cur"], float(row["usd"]))
                for row in csv.DictReader(f, delimiter=";")
            )
        self.mtime = mtime

    def calc(self, amount, src, dst):
        self.load()
        # always through the dollar
        return round(amount * self.toUsd[src] / self.toUsd[dst], 2)

    def calcList(self, amounts, dst):
        return [self.calc(amount, src, dst) for amount, src in amounts]

    def crossRate(self, src, dst):
        self.load()
        return self.toUsd[src] / self.toUsd[dst]
