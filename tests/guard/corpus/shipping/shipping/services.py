import base64
import logging

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime

from shipping.base import ShippingError, ShippingProvider
from shipping.models import Shipment, TrackingEvent
from shipping.parts import CarrierRules, CarrierWire, LabelShelf

log = logging.getLogger(__name__)

STATE_BY_CODE = {
    "PU": Shipment.MOVING,
    "TR": Shipment.MOVING,
    "OD": Shipment.MOVING,
    "DL": Shipment.DELIVERED,
}


class ShippingDesk(ShippingProvider):
    """Books parcels with our carriers (DHL, GLS, UPS) and tracks them.

    Everything that leaves the house by a carrier should go through here: it
    picks the carrier, keeps the label and writes the Shipment row.
    """

    def __init__(self, wires=None, rules=None, shelf=None):
        self.wires = wires or {
            name: CarrierWire(name, conf["url"], conf["key"])
            for name, conf in settings.SHIPPING_CARRIERS.items()
        }
        self.rules = rules or CarrierRules()
        self.shelf = shelf or LabelShelf()

    @transaction.atomic
    def book(self, order, parcel):
        carrier = self.rules.choose(order.country, parcel.weight_g)
        answer = (
            self.wires[carrier]
            .call("POST", "/shipments", json=self._payload(order, parcel))
            .json()
        )
        shipment = Shipment.objects.create(
            order=order,
            carrier=carrier,
            tracking_number=answer["trackingNumber"],
            weight_g=parcel.weight_g,
        )
        self.shelf.put(shipment, base64.b64decode(answer["label"]))
        log.info("booked %s for order %s", shipment, order.pk)
        return shipment

    def track(self, shipment):
        wire = self.wires[shipment.carrier]
        data = wire.call("GET", "/tracking/%s" % shipment.tracking_number).json()
        fresh = []
        for item in data["events"]:
            event, created = TrackingEvent.objects.get_or_create(
                shipment=shipment,
                code=item["code"],
                at=parse_datetime(item["timestamp"]),
                defaults={"text": item["text"], "place": item.get("place", "")},
            )
            if created:
                fresh.append(event)
        if fresh:
            shipment.state = STATE_BY_CODE.get(fresh[-1].code, shipment.state)
            shipment.save(update_fields=["state"])
        return fresh

    def track_open(self):
        count = 0
        for shipment in Shipment.objects.filter(
            state__in=[Shipment.BOOKED, Shipment.MOVING]
        ):
            try:
                count += len(self.track(shipment))
            except ShippingError:
                log.exception("no news of %s", shipment)
        return count

    def cancel(self, shipment):
        if shipment.state != Shipment.BOOKED:
            raise ShippingError("%s is already under way" % shipment)
        self.wires[shipment.carrier].call(
            "DELETE", "/shipments/%s" % shipment.tracking_number
        )
        shipment.state = Shipment.CANCELLED
        shipment.save(update_fields=["state"])

    def label(self, shipment):
        pdf = self.shelf.get(shipment)
        if pdf is None:
            pdf = (
                self.wires[shipment.carrier]
                .call("GET", "/shipments/%s/label" % shipment.tracking_number)
                .content
            )
            self.shelf.put(shipment, pdf)
        return pdf

    def _payload(self, order, parcel):
        return {
            "reference": str(order.pk),
            "receiver": {
                "name": order.ship_name,
                "street": order.ship_street,
                "zip": order.ship_zip,
                "city": order.ship_city,
                "country": order.country,
            },
            "weight": parcel.weight_g,
            "size": [parcel.length_cm, parcel.width_cm, parcel.height_cm],
        }


class ExportDesk(ShippingDesk):
    """The desk for parcels that leave the customs union: adds a CN23 form."""

    def book(self, order, parcel):
        shipment = super().book(order, parcel)
        form = {
            "reference": shipment.tracking_number,
            "items": [
                {"text": line.title, "hs": line.hs_code, "value": str(line.price)}
                for line in order.lines.all()
            ],
        }
        self.wires[shipment.carrier].call("POST", "/customs", json=form)
        return shipment
