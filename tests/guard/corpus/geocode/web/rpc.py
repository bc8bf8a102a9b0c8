from xmlrpc.server import SimpleXMLRPCServer

from lib.geobase import Address, GeoError
from lib.geocoder import GeoCoder
from web.visitors import VisitorLocator


class GeoRpc(object):
    """The geocoder for the Delphi clients: plain types only."""

    def __init__(self, geo):
        self.geo = geo

    def getCoord(self, street, zipCode, town):
        try:
            p = self.geo.locate(Address(street, zipCode, town))
        except GeoError as e:
            return [0, 0, str(e)]
        return [p.lat, p.lon, ""]

    def setCoord(self, street, zipCode, town, lat, lon, user):
        from lib.geobase import Position

        self.geo.correct(Address(street, zipCode, town), Position(lat, lon), user)
        return True


def main():
    server = SimpleXMLRPCServer(("", 8123), allow_none=True)
    server.register_instance(GeoRpc(GeoCoder()))
    server.register_function(lambda ip: VisitorLocator().country(ip), "visitorCountry")
    server.serve_forever()
