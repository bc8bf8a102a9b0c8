from django.db import models, transaction
from django.utils import timezone


class DockSlot(models.Model):
    dock = models.PositiveSmallIntegerField()
    start = models.DateTimeField()
    truck = models.CharField(max_length=20, blank=True)

    class Meta:
        unique_together = [("dock", "start")]


class DockDesk:
    """Books loading docks for suppliers' trucks."""

    def __init__(self, docks=(1, 2, 3)):
        self.docks = docks

    @transaction.atomic
    def book(self, truck, start):
        taken = set(DockSlot.objects.filter(start=start).values_list("dock", flat=True))
        for dock in self.docks:
            if dock not in taken:
                return DockSlot.objects.create(dock=dock, start=start, truck=truck)
        raise LookupError("no dock free at %s" % start)

    def cancel(self, slot):
        slot.delete()

    def today(self):
        return DockSlot.objects.filter(start__date=timezone.localdate())


class ParcelScale:
    """Reads the scale on the packing table."""

    def __init__(self, port="/dev/ttyUSB0"):
        import serial

        self._serial = serial.Serial(port, 9600, timeout=1)

    def weigh(self):
        self._serial.write(b"W\r\n")
        return int(self._serial.readline().strip() or 0)
