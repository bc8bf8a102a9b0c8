import abc


class ShippingError(Exception):
    """Anything that went wrong between us and whoever carries the goods."""


class CarrierRefused(ShippingError):
    def __init__(self, carrier, status, body):
        super().__init__("%s answered %s: %s" % (carrier, status, body[:200]))
        self.carrier = carrier
        self.status = status


class ShippingProvider(abc.ABC):
    """What the shop expects of anything that takes a parcel to a customer."""

    @abc.abstractmethod
    def book(self, order, parcel):
        """Book the parcel; returns a Shipment."""

    @abc.abstractmethod
    def track(self, shipment):
        """Fetch news; returns the list of new TrackingEvents."""

    @abc.abstractmethod
    def cancel(self, shipment): ...

    @abc.abstractmethod
    def label(self, shipment):
        """The label as PDF bytes."""
