from django.db import models


class Booking(models.Model):
    ref = models.CharField(max_length=80, db_index=True)
    cents = models.IntegerField()
    booked_at = models.DateTimeField(auto_now_add=True)
