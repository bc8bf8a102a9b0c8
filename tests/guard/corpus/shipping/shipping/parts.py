"""Things the shipping desk is built from."""

from dataclasses import dataclass, field

import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shipping.base import CarrierRefused


@dataclass
class ParcelSpec:
    weight_g: int
    length_cm: int = 30
    width_cm: int = 20
    height_cm: int = 10
    notes: list = field(default_factory=list)

    @property
    def volume(self):
        return self.length_cm * self.width_cm * self.height_cm


class CarrierWire:
    """One authenticated HTTP session for one carrier account."""

    def __init__(self, name, url, key):
        self.name = name
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer " + key

    def call(self, method, path, **kwargs):
        kwargs.setdefault("timeout", 15)
        answer = self.session.request(method, self.url + path, **kwargs)
        if answer.status_code >= 400:
            raise CarrierRefused(self.name, answer.status_code, answer.text)
        return answer


class CarrierRules:
    """Chooses the carrier by country and weight."""

    table = [
        # countries, max grams, carrier
        ({"DE", "AT"}, 31500, "dhl"),
        ({"NL", "BE", "LU", "PL", "CZ", "DK"}, 40000, "gls"),
    ]
    fallback = "ups"

    def choose(self, country, weight_g):
        for countries, limit, carrier in self.table:
            if country in countries and weight_g <= limit:
                return carrier
        return self.fallback


class LabelShelf:
    """Keeps label PDFs in the media storage."""

    def path(self, shipment):
        return "labels/%s/%s.pdf" % (shipment.carrier, shipment.tracking_number)

    def put(self, shipment, pdf):
        default_storage.save(self.path(shipment), ContentFile(pdf))

    def get(self, shipment):
        path = self.path(shipment)
        if not default_storage.exists(path):
            return None
        with default_storage.open(path) as f:
            return f.read()
