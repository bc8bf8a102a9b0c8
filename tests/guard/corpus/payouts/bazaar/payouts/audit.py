from bazaar.audit.models import AuditRecord


class AuditedPayouts:
    """Wraps the payout service for the back office: writes down who paid what."""

    def __init__(self, inner, user):
        self.inner = inner
        self.user = user

    def pay(self, seller, amount, currency="EUR", memo=""):
        self._note("pay", seller.pk, f"{amount} {currency} {memo}")
        return self.inner.pay(seller, amount, currency=currency, memo=memo)

    def pay_balance(self, seller):
        self._note("pay_balance", seller.pk, "")
        return self.inner.pay_balance(seller)

    def retry(self, payout):
        self._note("retry", payout.seller_id, str(payout.pk))
        return self.inner.retry(payout)

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def _note(self, verb, seller_id, detail):
        AuditRecord.objects.create(
            user=self.user, verb=f"payout.{verb}", subject=seller_id, detail=detail
        )
