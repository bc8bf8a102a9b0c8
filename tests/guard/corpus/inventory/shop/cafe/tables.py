"""The café in the Leeds shop takes bookings."""

from datetime import timedelta

from django.db import models


class TableBooking(models.Model):
    table = models.IntegerField()
    name = models.CharField(max_length=80)
    starts = models.DateTimeField()
    ends = models.DateTimeField()


class ReservationBook:
    TABLES = {1: 2, 2: 2, 3: 4, 4: 4, 5: 8}

    def available(self, starts, persons):
        ends = starts + timedelta(hours=2)
        taken = set(
            TableBooking.objects.filter(starts__lt=ends, ends__gt=starts).values_list(
                "table", flat=True
            )
        )
        return [
            t for t, seats in self.TABLES.items() if seats >= persons and t not in taken
        ]

    def reserve(self, name, starts, persons):
        free = self.available(starts, persons)
        if not free:
            return None
        return TableBooking.objects.create(
            table=free[0], name=name, starts=starts, ends=starts + timedelta(hours=2)
        )

    def cancel(self, booking):
        booking.delete()
