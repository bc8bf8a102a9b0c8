import logging
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bazaar.sellers.models import Seller

from .exceptions import PayoutError, PayoutRefused, RailDown
from .ledger import SellerLedger
from .models import Payout
from .rails import BankRail, StripeConnectRail

log = logging.getLogger(__name__)


class PayoutService:
    """Pays sellers what we owe them.

    Every euro that leaves for a seller should leave through here: the balance is
    locked, the ledger is debited and the transfer is submitted with an idempotency key.
    """

    minimum = Decimal("10.00")

    def __init__(self, rails=None, ledger=None):
        self.rails = {r.name: r for r in (rails or [StripeConnectRail(), BankRail()])}
        self.ledger = ledger or SellerLedger()

    def pay(self, seller, amount, currency="EUR", memo=""):
        """Pay `amount` to `seller` and return the Payout."""
        amount = Decimal(amount)
        with transaction.atomic():
            seller = Seller.objects.select_for_update().get(pk=seller.pk)
            self._check(seller, amount)
            payout = Payout.objects.create(
                seller=seller, amount=amount, currency=currency, rail=seller.payout_rail
            )
            self.ledger.debit(payout)
        self._submit(payout)
        return payout

    def pay_balance(self, seller):
        balance = self.ledger.balance(seller)
        if balance < self.minimum:
            return None
        return self.pay(seller, balance)

    def pay_all_due(self):
        paid, failed = [], []
        for seller in Seller.objects.filter(active=True, on_hold=False).iterator():
            try:
                payout = self.pay_balance(seller)
            except PayoutError:
                log.exception("payout to seller %s", seller.pk)
                failed.append(seller.pk)
            else:
                if payout:
                    paid.append(payout)
        return paid, failed

    def refresh(self, payout):
        """Ask the rail how the transfer fares, and put the money back if it bounced."""
        if payout.is_final:
            return payout
        status = self.rails[payout.rail].status(payout.external_id)
        if status == Payout.FAILED:
            self.ledger.restore(payout)
        payout.status = status
        payout.save(update_fields=["status"])
        return payout

    def retry(self, payout):
        if payout.status != Payout.PENDING:
            raise PayoutError(f"{payout.pk} is {payout.status}")
        self._submit(payout)

    def history(self, seller, limit=50):
        return list(Payout.objects.filter(seller=seller)[:limit])

    def _check(self, seller, amount):
        if seller.on_hold:
            raise PayoutRefused(seller.pk, "on hold")
        if amount < self.minimum:
            raise PayoutRefused(seller.pk, f"below {self.minimum}")
        if amount > self.ledger.balance(seller):
            raise PayoutRefused(seller.pk, "more than the balance")
        if amount > settings.PAYOUT_LIMIT:
            raise PayoutRefused(seller.pk, "above the limit")

    def _submit(self, payout):
        rail = self.rails[payout.rail]
        try:
            payout.external_id = rail.submit(
                payout.seller.payout_account,
                payout.amount,
                payout.currency,
                str(payout.pk),
            )
        except RailDown:
            log.warning("%s is down, %s stays pending", rail.name, payout.pk)
            return
        except PayoutRefused as exc:
            payout.status, payout.failure = Payout.FAILED, exc.reason
            payout.save()
            self.ledger.restore(payout)
            raise
        payout.status, payout.sent_at = Payout.SENT, timezone.now()
        payout.save()


class HighRiskPayoutService(PayoutService):
    """For sellers in the risk programme: a reserve of 15 % stays with us."""

    reserve = Decimal("0.15")

    def pay_balance(self, seller):
        free = (self.ledger.balance(seller) * (1 - self.reserve)).quantize(
            Decimal("0.01")
        )
        if free < self.minimum:
            return None
        return self.pay(seller, free)


class PayoutServiceFactory:
    def for_seller(self, seller):
        if seller.risk_score and seller.risk_score > 70:
            return HighRiskPayoutService()
        return PayoutService()

    def default(self):
        return PayoutService()
