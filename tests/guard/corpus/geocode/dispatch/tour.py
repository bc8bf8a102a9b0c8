from lib.geobase import GeoError
from lib.geotools import GeoCoderPool, TruckLocator


class DistanceTable(object):
    """Kilometres from each stop to each other one."""

    detour = 1.3

    def __init__(self, positions):
        self.positions = positions
        self.km = {}

    def get(self, i, j):
        if (i, j) not in self.km:
            self.km[i, j] = self.km[j, i] = (
                self.positions[i].distanceTo(self.positions[j]) * self.detour
            )
        return self.km[i, j]


class TourPlanner(object):
    def __init__(self, pool=None, trucks=None):
        self.pool = pool or GeoCoderPool()
        self.trucks = trucks or TruckLocator()
        self.notFound = []

    def plan(self, plate, addresses):
        places = [self.trucks.locate(plate)]
        stops = [None]
        for a in addresses:
            try:
                places.append(self.pool.forCountry(a.country).locate(a))
                stops.append(a)
            except GeoError:
                self.notFound.append(a)
        table = DistanceTable(places)
        todo, here, order = set(range(1, len(places))), 0, []
        while todo:
            here = min(todo, key=lambda j: table.get(here, j))
            todo.remove(here)
            order.append(stops[here])
        return order
