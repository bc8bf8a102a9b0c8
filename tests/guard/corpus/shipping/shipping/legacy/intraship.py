# -*- coding: utf-8 -*-
# DHL only. Do not add features, we want to get rid of this. (tk, 2016)
import xml.etree.ElementTree as ET

import requests
from django.conf import settings
from django.db import connection

CREATE = """<?xml version="1.0"?>
<Envelope><Body><CreateShipmentDDRequest>
<Order><Seq>1</Seq><Weight>%(kg).2f</Weight>
<Name>%(name)s</Name><Street>%(street)s</Street><Zip>%(zip)s</Zip><City>%(city)s</City></Order>
</CreateShipmentDDRequest></Body></Envelope>"""

STATUS = """<?xml version="1.0"?>
<Envelope><Body><GetStatus><Number>%s</Number></GetStatus></Body></Envelope>"""


class Intraship(object):
    def __init__(self):
        self.url = settings.DHL_INTRASHIP_WSDL

    def _soap(self, xml):
        r = requests.post(
            self.url, data=xml.encode("utf-8"), headers={"Content-Type": "text/xml"}
        )
        return ET.fromstring(r.content)

    def create_shipment(self, name, street, zip, city, kg):
        root = self._soap(
            CREATE % dict(name=name, street=street, zip=zip, city=city, kg=kg)
        )
        if root.findtext(".//StatusCode") != "0":
            raise ValueError(root.findtext(".//StatusMessage"))
        number = root.findtext(".//ShipmentNumber")
        cur = connection.cursor()
        cur.execute(
            "INSERT INTO dhl_intraship (number, name, zip, kg, created) VALUES (%s, %s, %s, %s, now())",
            [number, name, zip, kg],
        )
        return number, root.findtext(".//Labelurl")

    def get_status(self, number):
        root = self._soap(STATUS % number)
        status = root.findtext(".//LastEvent") or "unknown"
        cur = connection.cursor()
        cur.execute(
            "UPDATE dhl_intraship SET status = %s WHERE number = %s", [status, number]
        )
        return status
