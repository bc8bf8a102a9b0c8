# -*- coding: utf-8 -*-
import csv


class RatingEngine(object):
    """Calculates premiums by the tariff tables."""

    def __init__(self, year, folder="/polis/tariffs"):
        self.year = year
        self.base = {}
        self.zones = {}
        for row in csv.reader(open("%s/%s.csv" % (folder, year))):
            if row[0] == "base":
                self.base[row[1]] = float(row[2])
            else:
                self.zones[row[1]] = float(row[2])

    def premium(self, kind, age, zone):
        amount = self.base[kind] * self.zones.get(zone, 1.0)
        if age < 25:
            amount *= 1.4
        return round(amount, 2)


class PolicyStatus(object):
    """Codes for the state of a policy, and their texts."""

    texts = {"A": "active", "L": "lapsed", "C": "cancelled", "P": "proposed"}

    def __init__(self, code):
        self.code = code

    def text(self):
        return self.texts[self.code]
