from shipping.parts import ParcelSpec
from shipping.providers import DeskMaker
from shipping.services import ShippingDesk


class OrderShipping:
    """Shipping as the order screens see it: by order, not by parcel."""

    def __init__(self, desk: ShippingDesk):
        self._desk = desk

    def send(self, order):
        parcel = ParcelSpec(
            weight_g=sum(l.weight_g * l.quantity for l in order.lines.all())
        )
        return self._desk.book(order, parcel)

    def whereabouts(self, order):
        for shipment in order.shipments.all():
            self._desk.track(shipment)
        return [str(e.text) for s in order.shipments.all() for e in s.events.all()]

    def recall(self, order):
        for shipment in order.shipments.all():
            self._desk.cancel(shipment)


def dispatch_paid_orders(orders):
    maker = DeskMaker()
    for order in orders:
        OrderShipping(maker.for_order(order)).send(order)
