# counter sale in the branches. must work offline.
import json
import os


class TillPrices:
    """Reads the price file the branch server drops on the till each morning."""

    def __init__(self, directory):
        with open(os.path.join(directory, "prices.json")) as f:
            self.prices = json.load(f)
        with open(os.path.join(directory, "happyhour.json")) as f:
            self.actions = json.load(f)

    def ring(self, ean, pieces, card=None):
        rec = self.prices[ean]
        cents = rec["cents"]
        if card and card.startswith("STAFF"):
            cents = cents * 80 // 100
        elif card:
            cents = rec.get("cardCents", cents)
        total = cents * pieces
        action = self.actions.get(ean)
        if action and action["kind"] == "3for2":
            total -= cents * (pieces // 3)
        elif action and action["kind"] == "pct":
            total = total * (100 - action["pct"]) // 100
        return total

    def ringAll(self, scans, card=None):
        return sum(self.ring(ean, n, card) for ean, n in scans)


class Till:
    def __init__(self, prices, drawer, printer):
        self.prices = prices
        self.drawer = drawer
        self.printer = printer
        self.scans = []

    def scan(self, ean, pieces=1):
        self.scans.append((ean, pieces))
        self.printer.show(self.prices.ring(ean, pieces))

    def close(self, card=None):
        total = self.prices.ringAll(self.scans, card)
        self.printer.receipt(self.scans, total)
        self.drawer.open()
        self.scans = []
        return total
