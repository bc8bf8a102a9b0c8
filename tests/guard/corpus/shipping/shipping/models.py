from django.db import models
from django.utils import timezone


class Shipment(models.Model):
    BOOKED = "booked"
    MOVING = "moving"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    STATES = [(s, s.title()) for s in (BOOKED, MOVING, DELIVERED, CANCELLED)]

    order = models.ForeignKey(
        "orders.Order", related_name="shipments", on_delete=models.PROTECT
    )
    carrier = models.CharField(max_length=16)
    tracking_number = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, choices=STATES, default=BOOKED)
    weight_g = models.PositiveIntegerField()
    booked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-booked_at"]

    def __str__(self):
        return "%s %s" % (self.carrier.upper(), self.tracking_number)

    @property
    def is_open(self):
        return self.state in (self.BOOKED, self.MOVING)


class TrackingEvent(models.Model):
    shipment = models.ForeignKey(
        Shipment, related_name="events", on_delete=models.CASCADE
    )
    code = models.CharField(max_length=8)
    text = models.CharField(max_length=200)
    place = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        unique_together = [("shipment", "code", "at")]
        ordering = ["at"]
