from decimal import Decimal

from django.db import models, transaction


class LedgerEntry(models.Model):
    debit = models.CharField(max_length=10)
    credit = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    text = models.CharField(max_length=120)
    reversed_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT)


class BookingService:
    """Books ledger entries, and takes them back."""

    @transaction.atomic
    def book(self, debit, credit, amount, text):
        if Decimal(amount) <= 0:
            raise ValueError("amount must be positive")
        return LedgerEntry.objects.create(
            debit=debit, credit=credit, amount=amount, text=text
        )

    @transaction.atomic
    def cancel(self, entry):
        back = self.book(
            entry.credit, entry.debit, entry.amount, "reversal of %s" % entry.pk
        )
        entry.reversed_by = back
        entry.save(update_fields=["reversed_by"])
        return back

    def balance(self, account):
        total = LedgerEntry.objects.aggregate(
            d=models.Sum("amount", filter=models.Q(debit=account)),
            c=models.Sum("amount", filter=models.Q(credit=account)),
        )
        return (total["d"] or 0) - (total["c"] or 0)
