from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    name = models.CharField(max_length=200)
    email = models.EmailField()
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, default="DE")
    vat_id = models.CharField(max_length=20, blank=True)

    def __str__(self):
        return self.name

    def address_lines(self):
        return [self.name, self.street, self.city, self.country]


class Invoice(models.Model):
    DRAFT, ISSUED, SENT, CANCELLED = "draft", "issued", "sent", "cancelled"
    STATES = [(s, _(s.title())) for s in (DRAFT, ISSUED, SENT, CANCELLED)]

    number = models.CharField(max_length=32, unique=True, null=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=STATES, default=DRAFT)
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    pdf = models.FileField(upload_to="invoices/%Y/%m/", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["-issued_on", "-number"]

    @property
    def net(self):
        return sum((line.net for line in self.lines.all()), Decimal("0"))

    @property
    def vat(self):
        return sum(
            (line.net * line.vat_rate for line in self.lines.all()), Decimal("0")
        )

    @property
    def gross(self):
        return self.net + self.vat


class InvoiceLine(models.Model):
    invoice = models.ForeignKey(Invoice, related_name="lines", on_delete=models.CASCADE)
    text = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit_price = models.DecimalField(max_digits=12, decimal_places=4)
    vat_rate = models.DecimalField(
        max_digits=4, decimal_places=3, default=Decimal("0.19")
    )

    @property
    def net(self):
        return (self.quantity * self.unit_price).quantize(Decimal("0.01"))


class NumberCounter(models.Model):
    """One row for each series and year; locked while a number is drawn."""

    series = models.CharField(max_length=12)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        unique_together = [("series", "year")]
