from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone


class Voucher(models.Model):
    PERCENT = "percent"
    AMOUNT = "amount"
    KINDS = [(PERCENT, "Percentage"), (AMOUNT, "Fixed amount")]

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL
    )
    min_basket = models.DecimalField(
        max_digits=8, decimal_places=2, default=Decimal("0")
    )
    max_uses = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(default=0)
    valid_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.code

    @property
    def is_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.now()

    @property
    def uses_left(self):
        return max(0, self.max_uses - self.used)


class Redemption(models.Model):
    voucher = models.ForeignKey(
        Voucher, related_name="redemptions", on_delete=models.PROTECT
    )
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT)
    discount = models.DecimalField(max_digits=8, decimal_places=2)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        unique_together = [("voucher", "order")]
