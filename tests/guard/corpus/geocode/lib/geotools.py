import time

from lib import db
from lib.geobase import GeoError, Locator, Position
from lib.geocoder import GeoCoder, SwissGeoCoder


class ThrottledGeoCoder(Locator):
    """Put around a geocoder in the night jobs, so that planning stays quick."""

    def __init__(self, geo, perSecond=5.0):
        self.geo = geo
        self.pause = 1.0 / perSecond
        self.last = 0

    def locate(self, address):
        wait = self.last + self.pause - time.time()
        if wait > 0:
            time.sleep(wait)
        self.last = time.time()
        return self.geo.locate(address)


class GeoCoderPool(object):
    """One geocoder for each country, made when first wanted."""

    classes = {"DE": GeoCoder, "AT": GeoCoder, "CH": SwissGeoCoder}

    def __init__(self):
        self._made = {}

    def forCountry(self, country):
        if country not in self._made:
            self._made[country] = self.classes[country]()
        return self._made[country]

    def create(self, country, night=False):
        geo = self.classes[country]()
        return ThrottledGeoCoder(geo) if night else geo


class TruckLocator(Locator):
    """Where a truck is, by the last message of its box."""

    def __init__(self, maxAge=900):
        self.maxAge = maxAge

    def locate(self, plate):
        rows = db.query(
            "SELECT lat, lon, stamp FROM boxmsg WHERE plate=%s ORDER BY stamp DESC LIMIT 1",
            plate,
        )
        if not rows:
            raise GeoError("no message of " + plate)
        lat, lon, stamp = rows[0]
        return Position(lat, lon, quality=0 if stamp > time.time() - self.maxAge else 2)


class GeoHashCoder(object):
    """Position to geohash and back, for the keys of the map tiles."""

    alphabet = "0123456789bcdefghjkmnpqrstuvwxyz"

    def encode(self, pos, length=7):
        box = [[-90.0, 90.0], [-180.0, 180.0]]
        value = (pos.lat, pos.lon)
        bits, out, even = [], "", True
        while len(out) < length:
            i = 1 if even else 0
            mid = sum(box[i]) / 2
            high = value[i] >= mid
            box[i][0 if high else 1] = mid
            bits.append(int(high))
            even = not even
            if len(bits) == 5:
                out += self.alphabet[int("".join(map(str, bits)), 2)]
                bits = []
        return out

    def decode(self, code):
        box = [[-90.0, 90.0], [-180.0, 180.0]]
        even = True
        for c in code:
            n = self.alphabet.index(c)
            for shift in (4, 3, 2, 1, 0):
                i = 1 if even else 0
                mid = sum(box[i]) / 2
                box[i][0 if n >> shift & 1 else 1] = mid
                even = not even
        return Position(sum(box[0]) / 2, sum(box[1]) / 2)
