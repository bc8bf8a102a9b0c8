import csv


class Inventory:
    """Spare parts in the cellar."""

    def __init__(self, fname="/var/lib/hub/parts.csv"):
        self.rows = list(csv.DictReader(open(fname)))
        self.fname = fname

    def lookup(self, word):
        return [r for r in self.rows if word in r["part"]]

    def take(self, part, count=1):
        for r in self.rows:
            if r["part"] == part:
                r["count"] = int(r["count"]) - count
        self.save()

    def save(self):
        with open(self.fname, "w") as f:
            w = csv.DictWriter(f, ["part", "count", "shelf"])
            w.writeheader()
            w.writerows(self.rows)
