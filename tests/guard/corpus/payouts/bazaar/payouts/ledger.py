from decimal import Decimal

from django.db.models import Sum

from .models import LedgerEntry


class SellerLedger:
    """What we owe each seller. Kept by the payout service; nobody else writes here."""

    def balance(self, seller):
        total = LedgerEntry.objects.filter(seller=seller).aggregate(t=Sum("amount"))[
            "t"
        ]
        return total or Decimal("0.00")

    def credit_order(self, order, amount):
        LedgerEntry.objects.create(
            seller=order.seller, order=order, amount=amount, memo=f"order {order.pk}"
        )

    def debit(self, payout):
        LedgerEntry.objects.create(
            seller=payout.seller,
            payout=payout,
            amount=-payout.amount,
            memo=f"payout {payout.pk}",
        )

    def restore(self, payout):
        LedgerEntry.objects.create(
            seller=payout.seller,
            payout=payout,
            amount=payout.amount,
            memo=f"failed payout {payout.pk}",
        )
