from shipping.models import Shipment


class FakeDesk:
    """Remembers what was booked; parcels move when a test says so."""

    def __init__(self):
        self.booked = []
        self.cancelled = []
        self.news = {}

    def book(self, order, parcel):
        shipment = Shipment(
            order=order,
            carrier="fake",
            tracking_number="F%d" % len(self.booked),
            weight_g=parcel.weight_g,
        )
        self.booked.append(shipment)
        return shipment

    def track(self, shipment):
        return self.news.pop(shipment.tracking_number, [])

    def cancel(self, shipment):
        self.cancelled.append(shipment)

    def label(self, shipment):
        return b"%PDF-fake"
