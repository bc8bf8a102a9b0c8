"""'Your parcel is 12 km away' for the customers."""

import difflib
import os
import sqlite3

from dispatch.live import TownNamer
from lib import config
from lib.geobase import Position
from lib.geotools import TruckLocator


class HouseIndex(object):
    """Finds the point of a house in the land registry's list, without the net.

    The web server may not talk to the intern network, so it has its own copy of
    the list (22 million houses, sqlite).
    """

    def __init__(self, path=None):
        self.db = sqlite3.connect(
            path or os.path.join(config.DATA_DIR, "houses.sqlite")
        )

    def find(self, street, number, zipCode):
        rows = self.db.execute(
            "SELECT lat, lon FROM house WHERE zip=? AND street=? AND number=?",
            (zipCode, street, number),
        ).fetchall()
        if rows:
            return Position(*rows[0])
        other = self._similarStreet(street, zipCode)
        if other and other != street:
            return self.find(other, number, zipCode)
        return self._middleOf(zipCode)

    def _similarStreet(self, street, zipCode):
        streets = [
            r[0]
            for r in self.db.execute(
                "SELECT DISTINCT street FROM house WHERE zip=?", (zipCode,)
            )
        ]
        best = difflib.get_close_matches(
            street, [s for s in streets if s != street], 1, 0.85
        )
        return best[0] if best else None

    def _middleOf(self, zipCode):
        lat, lon = self.db.execute(
            "SELECT avg(lat), avg(lon) FROM house WHERE zip=?", (zipCode,)
        ).fetchone()
        return Position(lat, lon, quality=2) if lat is not None else None


def howFar(plate, street, number, zipCode):
    truck = TruckLocator().locate(plate)
    home = HouseIndex().find(street, number, zipCode)
    if home is None:
        return TownNamer().near(truck)
    return "%d km" % round(truck.distanceTo(home))
