"""usage in a .load file:  coords street=STR zip=PLZ town=ORT"""

import os
import sqlite3
import time

import requests

from etl.steps import Step
from lib import config


class AddCoords(Step):
    """Adds LAT and LON to each row that has an address (Google, with a sqlite memory)."""

    name = "coords"
    url = "https://maps.googleapis.com/maps/api/geocode/json"

    def __init__(self, street="street", zip="zip", town="town"):
        self.cols = (street, zip, town)
        self.mem = sqlite3.connect(os.path.join(config.DATA_DIR, "coords.sqlite"))
        self.mem.execute(
            "CREATE TABLE IF NOT EXISTS coords (q TEXT PRIMARY KEY, lat REAL, lon REAL)"
        )
        self.misses = 0

    def row(self, row):
        q = "%s, %s %s" % tuple(row[c].strip() for c in self.cols)
        row["LAT"], row["LON"] = self.lookup(q) or ("", "")
        return row

    def lookup(self, q):
        hit = self.mem.execute("SELECT lat, lon FROM coords WHERE q=?", (q,)).fetchone()
        if hit:
            return hit
        for attempt in range(5):
            data = requests.get(
                self.url,
                params={"address": q, "region": "de", "key": config.GOOGLE_KEY},
            ).json()
            if data["status"] != "OVER_QUERY_LIMIT":
                break
            time.sleep(2**attempt)
        if not data.get("results"):
            self.misses += 1
            return None
        loc = data["results"][0]["geometry"]["location"]
        with self.mem:
            self.mem.execute(
                "INSERT INTO coords VALUES (?,?,?)", (q, loc["lat"], loc["lng"])
            )
        return loc["lat"], loc["lng"]
