import os

import geoip2.database
import geoip2.errors

from lib import config


class VisitorLocator(object):
    """Where a visitor of the web shop comes from, by the IP number."""

    def __init__(self, path=None):
        self.reader = geoip2.database.Reader(
            path or os.path.join(config.DATA_DIR, "GeoLite2-City.mmdb")
        )
        self.cache = {}

    def locate(self, ip):
        if ip not in self.cache:
            try:
                answer = self.reader.city(ip)
                self.cache[ip] = (
                    answer.location.latitude,
                    answer.location.longitude,
                    answer.country.iso_code,
                )
            except geoip2.errors.AddressNotFoundError:
                self.cache[ip] = None
        return self.cache[ip]

    def country(self, ip):
        found = self.locate(ip)
        return found[2] if found else "DE"
