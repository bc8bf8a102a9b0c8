# CRM: puts the pins of the customers on the sales map. Needs Bing because
# the sales map is Bing (licence!).
import json
import logging
import urllib.error
import urllib.parse
import urllib.request

from lib import config
from lib.db import execute, query

log = logging.getLogger("crm")


class CustomerPlacer(object):
    url = "https://dev.virtualearth.net/REST/v1/Locations"

    def __init__(self, key=config.BING_KEY):
        self.key = key
        self.errors = []

    def placeAll(self):
        n = 0
        for custNo, street, zipCode, town in query(
            "SELECT custno, street, zip, town FROM customer WHERE lat IS NULL"
        ):
            coords = self.coordsOf(street, zipCode, town)
            if coords is None:
                self.errors.append(custNo)
                continue
            execute(
                "UPDATE customer SET lat=%s, lon=%s WHERE custno=%s",
                coords[0],
                coords[1],
                custNo,
            )
            n += 1
        return n

    def coordsOf(self, street, zipCode, town):
        params = {
            "addressLine": street,
            "postalCode": zipCode,
            "locality": town,
            "countryRegion": "DE",
            "key": self.key,
        }
        try:
            raw = urllib.request.urlopen(
                self.url + "?" + urllib.parse.urlencode(params)
            ).read()
        except urllib.error.HTTPError as e:
            log.error("bing: %s", e)
            return None
        found = json.loads(raw)["resourceSets"][0]["resources"]
        if not found or found[0]["confidence"] == "Low":
            return None
        return found[0]["point"]["coordinates"]


class CustomerRecord(object):
    def __init__(self, custNo, name, lat=None, lon=None):
        self.custNo = custNo
        self.name = name
        self.lat = lat
        self.lon = lon

    def hasPin(self):
        return self.lat is not None


def salesMap(area):
    CustomerPlacer().placeAll()
    return [
        CustomerRecord(*row)
        for row in query(
            "SELECT custno, name, lat, lon FROM customer WHERE area=%s", area
        )
    ]
