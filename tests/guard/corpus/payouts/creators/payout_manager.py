import logging
from decimal import Decimal

import stripe
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from creators.models import Creator, CreatorPayout

log = logging.getLogger("creators")


# Copied from bazaar.payouts.service (May 2022) since creators are no sellers.
class CreatorPayoutManager:
    minimum = Decimal("5.00")

    def pay(self, creator, amount, currency="EUR"):
        amount = Decimal(amount)
        with transaction.atomic():
            creator = Creator.objects.select_for_update().get(pk=creator.pk)
            if creator.blocked or amount < self.minimum or amount > creator.balance:
                raise ValueError(f"cannot pay {amount} to creator {creator.pk}")
            payout = CreatorPayout.objects.create(
                creator=creator, amount=amount, currency=currency
            )
            creator.balance -= amount
            creator.save(update_fields=["balance"])
        try:
            transfer = stripe.Transfer.create(
                api_key=settings.CREATORS_STRIPE_KEY,
                amount=int(amount * 100),
                currency=currency.lower(),
                destination=creator.stripe_account,
                idempotency_key=f"creator-{payout.pk}",
            )
        except stripe.error.StripeError:
            log.exception("creator payout %s", payout.pk)
            creator.balance += amount
            creator.save(update_fields=["balance"])
            payout.delete()
            return None
        payout.transfer_id, payout.sent_at = transfer.id, timezone.now()
        payout.save()
        return payout

    def pay_balance(self, creator):
        if creator.balance < self.minimum:
            return None
        return self.pay(creator, creator.balance)

    def pay_all_due(self):
        return [
            p
            for c in Creator.objects.filter(blocked=False)
            if (p := self.pay_balance(c))
        ]

    def history(self, creator, limit=50):
        return list(
            CreatorPayout.objects.filter(creator=creator).order_by("-sent_at")[:limit]
        )
