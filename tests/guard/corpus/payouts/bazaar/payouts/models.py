import uuid

from django.db import models
from django.utils import timezone


class Payout(models.Model):
    """One transfer of money from us to one seller."""

    PENDING = "pending"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    STATUSES = [(s, s.title()) for s in (PENDING, SENT, PAID, FAILED)]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(
        "sellers.Seller", on_delete=models.PROTECT, related_name="payouts"
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    status = models.CharField(max_length=10, choices=STATUSES, default=PENDING)
    rail = models.CharField(max_length=20, blank=True)
    external_id = models.CharField(max_length=80, blank=True, db_index=True)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.amount} {self.currency} to {self.seller_id} ({self.status})"

    @property
    def is_final(self):
        return self.status in (self.PAID, self.FAILED)


class LedgerEntry(models.Model):
    seller = models.ForeignKey(
        "sellers.Seller", on_delete=models.PROTECT, related_name="ledger"
    )
    payout = models.ForeignKey(Payout, null=True, blank=True, on_delete=models.PROTECT)
    order = models.ForeignKey(
        "orders.Order", null=True, blank=True, on_delete=models.PROTECT
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    memo = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
