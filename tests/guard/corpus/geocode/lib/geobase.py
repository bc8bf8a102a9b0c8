import math


class GeoError(Exception):
    pass


class AmbiguousAddress(GeoError):
    def __init__(self, address, candidates):
        GeoError.__init__(self, "more than one place fits %s" % (address,))
        self.candidates = candidates


class Position(object):
    def __init__(self, lat, lon, quality=0):
        self.lat = float(lat)
        self.lon = float(lon)
        self.quality = quality  # 0 exact, 1 street, 2 town

    def __eq__(self, other):
        return (self.lat, self.lon) == (other.lat, other.lon)

    def __repr__(self):
        return "Position(%.5f, %.5f)" % (self.lat, self.lon)

    def distanceTo(self, other):
        a = math.radians(self.lat), math.radians(self.lon)
        b = math.radians(other.lat), math.radians(other.lon)
        h = (
            math.sin((b[0] - a[0]) / 2) ** 2
            + math.cos(a[0]) * math.cos(b[0]) * math.sin((b[1] - a[1]) / 2) ** 2
        )
        return 12742.0 * math.asin(math.sqrt(h))


class Address(object):
    def __init__(self, street, zipCode, town, country="DE"):
        self.street = street
        self.zipCode = zipCode
        self.town = town
        self.country = country

    def oneLine(self):
        return "%s, %s %s, %s" % (self.street, self.zipCode, self.town, self.country)


class Locator(object):
    """Says where something is. Tour planning only knows this class."""

    def locate(self, thing):
        raise NotImplementedError

    def locateMany(self, things):
        return [self.locate(t) for t in things]
