"""Addresses to positions.

    geo = GeoCoder()
    pos = geo.locate(Address('Hauptstr. 1', '79098', 'Freiburg'))

Asks our own Nominatim, keeps the answers in the table geocache, and falls back
to the street and to the town if the house is not known. Corrections made by
the dispatchers (table geofix) go before everything.
"""

import json
import re
import time
import urllib.parse
import urllib.request

from lib import config, db
from lib.geobase import Address, AmbiguousAddress, GeoError, Locator, Position


class AddressNormalizer(object):
    """Makes one spelling of many: the key of the cache."""

    abbreviations = (
        (r"str(\.|\b)", "strasse"),
        (r"\bpl\.", "platz"),
        (r"\bst\.", "sankt"),
        (r"\bd\.", "der"),
    )

    def normalize(self, address):
        s = address.oneLine().lower()
        for a, b in (("ß", "ss"), ("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
            s = s.replace(a, b)
        for pattern, long in self.abbreviations:
            s = re.sub(pattern, long, s)
        return re.sub(r"[^a-z0-9,]+", " ", s).strip()


class GeoCache(object):
    """Answers by normalized address, in MySQL."""

    maxAge = 400 * 86400

    def get(self, key):
        rows = db.query(
            "SELECT lat, lon, quality FROM geocache WHERE addr=%s AND stamp>%s",
            key,
            time.time() - self.maxAge,
        )
        if rows:
            return Position(*rows[0])
        return None

    def put(self, key, pos):
        db.execute(
            "REPLACE INTO geocache (addr, lat, lon, quality, stamp) VALUES (%s,%s,%s,%s,%s)",
            key,
            pos.lat,
            pos.lon,
            pos.quality,
            time.time(),
        )

    def forget(self, key):
        return db.execute("DELETE FROM geocache WHERE addr=%s", key)


class GeoCoder(Locator):
    country = "DE"

    def __init__(self, baseUrl=None, cache=None):
        self.baseUrl = baseUrl or config.NOMINATIM
        self.cache = cache or GeoCache()
        self.normalizer = AddressNormalizer()
        self.numAsked = 0

    def locate(self, address):
        key = self.normalizer.normalize(address)
        pos = self._fixed(key) or self.cache.get(key)
        if pos is None:
            pos = self._askWithFallback(address)
            self.cache.put(key, pos)
        return pos

    def locateText(self, text):
        """'Hauptstr. 1, 79098 Freiburg' as the customers write it."""
        m = re.match(r"\s*(.*?)\s*,\s*(\d{4,5})\s+(.+?)\s*$", text)
        if not m:
            raise GeoError("cannot read address %r" % text)
        return self.locate(Address(m.group(1), m.group(2), m.group(3), self.country))

    def candidates(self, address, limit=10):
        return [
            Position(r["lat"], r["lon"])
            for r in self._ask(limit=limit, q=address.oneLine())
        ]

    def correct(self, address, pos, user):
        """A dispatcher has put the pin somewhere else."""
        key = self.normalizer.normalize(address)
        db.execute(
            "REPLACE INTO geofix (addr, lat, lon, user) VALUES (%s,%s,%s,%s)",
            key,
            pos.lat,
            pos.lon,
            user,
        )
        self.cache.forget(key)

    def _fixed(self, key):
        rows = db.query("SELECT lat, lon FROM geofix WHERE addr=%s", key)
        return Position(*rows[0]) if rows else None

    def _askWithFallback(self, address):
        found = self._ask(
            street=address.street,
            postalcode=address.zipCode,
            city=address.town,
            countrycodes=address.country.lower(),
        )
        quality = 0
        if not found:
            street = re.sub(r"\s*\d+\s*[a-z]?$", "", address.street)
            found = self._ask(
                street=street,
                postalcode=address.zipCode,
                countrycodes=address.country.lower(),
            )
            quality = 1
        if not found:
            found = self._ask(postalcode=address.zipCode, city=address.town)
            quality = 2
        if not found:
            raise GeoError("nothing found for " + address.oneLine())
        positions = [Position(r["lat"], r["lon"], quality) for r in found]
        if len(positions) > 1 and positions[0].distanceTo(positions[1]) > 5:
            raise AmbiguousAddress(address.oneLine(), positions)
        return positions[0]

    def _ask(self, limit=2, **params):
        params.update(format="json", limit=limit)
        url = self.baseUrl + "/search?" + urllib.parse.urlencode(params)
        self.numAsked += 1
        try:
            return json.loads(urllib.request.urlopen(url, timeout=10).read())
        except OSError as e:
            raise GeoError(str(e))


class SwissGeoCoder(GeoCoder):
    """Four-digit codes, and the house number may stand before the street."""

    country = "CH"

    def locateText(self, text):
        return GeoCoder.locateText(
            self, re.sub(r"^(\d+[a-z]?),?\s+([^,]+)", r"\2 \1", text)
        )
