from django.db import models
from django.utils import timezone


class StockItem(models.Model):
    sku = models.CharField(max_length=40)
    site = models.CharField(max_length=12, default="MAIN")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        unique_together = [("sku", "site")]

    def __str__(self):
        return f"{self.sku}@{self.site}: {self.on_hand} ({self.reserved} reserved)"


class Reservation(models.Model):
    OPEN, COMMITTED, RELEASED = "open", "committed", "released"

    token = models.UUIDField(primary_key=True)
    sku = models.CharField(max_length=40, db_index=True)
    site = models.CharField(max_length=12, default="MAIN")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=OPEN)
    expires_at = models.DateTimeField()

    @property
    def is_expired(self):
        return self.state == self.OPEN and self.expires_at <= timezone.now()


class Movement(models.Model):
    sku = models.CharField(max_length=40)
    site = models.CharField(max_length=12)
    delta = models.IntegerField()
    reason = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
