import unittest

from dispatch.tour import TourPlanner
from lib.geobase import Address, AmbiguousAddress, GeoError, Position
from lib.geocoder import AddressNormalizer, GeoCoder
from lib.geotools import GeoHashCoder
from utils.mapquest import MapQuest


class FakeGeoCoder(object):
    """Knows three towns, asks nobody."""

    places = {"Freiburg": (47.99, 7.85), "Basel": (47.56, 7.59), "Ulm": (48.40, 9.99)}

    def locate(self, address):
        if address.town not in self.places:
            raise GeoError(address.town)
        return Position(*self.places[address.town])

    def correct(self, address, pos, user):
        pass

    def forCountry(self, country):
        return self


class FakeTruck(object):
    def locate(self, plate):
        return Position(48.0, 7.8)


class NoCache(object):
    def get(self, key):
        return None

    def put(self, key, pos):
        pass


class TestGeo(unittest.TestCase):
    def testNormalize(self):
        n = AddressNormalizer()
        self.assertEqual(
            n.normalize(Address("Hauptstr. 1", "1", "X")),
            n.normalize(Address("Hauptstraße 1", "1", "X")),
        )

    def testAmbiguous(self):
        geo = GeoCoder("http://none", NoCache())
        geo._fixed = lambda key: None
        geo._ask = lambda **params: [{"lat": 48, "lon": 8}, {"lat": 50, "lon": 9}]
        self.assertRaises(
            AmbiguousAddress, geo.locate, Address("Weg 1", "12345", "Neustadt")
        )

    def testTour(self):
        planner = TourPlanner(FakeGeoCoder(), FakeTruck())
        order = planner.plan(
            "FR-X 1", [Address("", "", t) for t in ("Ulm", "Freiburg", "Nowhere")]
        )
        self.assertEqual([a.town for a in order], ["Freiburg", "Ulm"])
        self.assertEqual(len(planner.notFound), 1)

    def testGeoHash(self):
        c = GeoHashCoder()
        self.assertTrue(
            c.decode(c.encode(Position(48, 8))).distanceTo(Position(48, 8)) < 1
        )

    def testMapQuestKnows(self):
        mq = MapQuest("/nowhere")
        mq.known["Ulm"] = (48.4, 9.99)
        self.assertEqual(mq.getLatLng("Ulm"), (48.4, 9.99))


if __name__ == "__main__":
    unittest.main()
