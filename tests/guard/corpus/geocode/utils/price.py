import shelve

from geopy.distance import geodesic
from geopy.geocoders import Photon

from utils.mapquest import MapQuest


class LatLonFinder:
    """Same as MapQuest but works for Poland and Italy too. TODO throw one of them away"""

    def __init__(self):
        self.photon = Photon(user_agent="tour", timeout=10)
        self.shelf = shelve.open("/tmp/latlon")

    def find(self, text):
        if text not in self.shelf:
            hit = self.photon.geocode(text)
            self.shelf[text] = (hit.latitude, hit.longitude) if hit else None
        return self.shelf[text]


class PriceCalculator:
    perKm = {"sprinter": 0.95, "truck": 1.60}

    def __init__(self):
        self.mq = MapQuest()
        self.finder = LatLonFinder()

    def price(self, fromText, toText, vehicle="truck"):
        a = self.mq.getLatLng(fromText)
        b = self.mq.getLatLng(toText) or self.finder.find(toText)
        if not a or not b:
            raise ValueError("address?")
        return round(35 + geodesic(a, b).km * self.perKm[vehicle], 2)
