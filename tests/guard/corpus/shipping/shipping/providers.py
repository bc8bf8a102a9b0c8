import functools
import time

import requests
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from shipping.base import CarrierRefused, ShippingProvider
from shipping.models import Shipment, TrackingEvent
from shipping.services import ExportDesk, ShippingDesk

EU = {"DE", "AT", "NL", "BE", "LU", "PL", "CZ", "DK", "FR", "IT", "ES"}


class BikeCourierProvider(ShippingProvider):
    """Same-day delivery inside the city by Velolink's riders."""

    def __init__(self, url=None):
        self.url = url or settings.BIKE_COURIER_URL

    def _ask(self, method, path, **kw):
        r = requests.request(method, self.url + path, timeout=5, **kw)
        if not r.ok:
            raise CarrierRefused("velolink", r.status_code, r.text)
        return r

    def book(self, order, parcel):
        ride = self._ask(
            "POST",
            "/rides",
            json={
                "to": "%s, %s" % (order.ship_street, order.ship_city),
                "bag": "L" if parcel.volume > 20000 else "S",
            },
        ).json()
        return Shipment.objects.create(
            order=order,
            carrier="velolink",
            tracking_number=ride["id"],
            weight_g=parcel.weight_g,
        )

    def track(self, shipment):
        ride = self._ask("GET", "/rides/" + shipment.tracking_number).json()
        if ride["state"] == "done":
            shipment.state = Shipment.DELIVERED
            shipment.save(update_fields=["state"])
        return [
            TrackingEvent.objects.create(
                shipment=shipment,
                code=ride["state"][:8],
                text=ride["state"],
                at=timezone.now(),
            )
        ]

    def cancel(self, shipment):
        self._ask("POST", "/rides/%s/abort" % shipment.tracking_number)

    def label(self, shipment):
        return self._ask("GET", "/rides/%s/slip.pdf" % shipment.tracking_number).content


class ThrottledDesk(ShippingProvider):
    """A desk that asks a carrier for the same parcel at most every ten minutes."""

    def __init__(self, desk: ShippingDesk, seconds=600):
        self.desk = desk
        self.seconds = seconds

    def book(self, order, parcel):
        return self.desk.book(order, parcel)

    def track(self, shipment):
        key = "tracked:%s" % shipment.pk
        if not cache.add(key, time.time(), self.seconds):
            return []
        return self.desk.track(shipment)

    def cancel(self, shipment):
        return self.desk.cancel(shipment)

    def label(self, shipment):
        return self.desk.label(shipment)


class NoShipping(ShippingProvider):
    """For staging: nothing leaves the house."""

    def book(self, order, parcel):
        return Shipment(
            order=order, carrier="none", tracking_number="-", weight_g=parcel.weight_g
        )

    def track(self, shipment):
        return []

    def cancel(self, shipment):
        pass

    def label(self, shipment):
        return b""


class DeskMaker:
    """Makes the desk an order needs, once a process."""

    def __init__(self, enabled=None):
        self.enabled = settings.SHIPPING_ENABLED if enabled is None else enabled

    @functools.lru_cache(maxsize=None)
    def _desk(self, export):
        return ThrottledDesk(ExportDesk() if export else ShippingDesk())

    def for_order(self, order):
        if not self.enabled:
            return NoShipping()
        return self._desk(order.country not in EU)
