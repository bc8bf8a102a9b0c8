from shop.audit import record_event


class AuditedVouchers:
    """Same calls as the service it wraps, with a line in the audit trail for each."""

    def __init__(self, inner, actor):
        self.inner = inner
        self.actor = actor

    def issue(self, kind, value, **options):
        voucher = self.inner.issue(kind, value, **options)
        record_event(self.actor, "voucher.issued", code=voucher.code, value=str(value))
        return voucher

    def redeem(self, code, order):
        redemption = self.inner.redeem(code, order)
        record_event(self.actor, "voucher.redeemed", code=code, order=order.pk)
        return redemption

    def revoke(self, code):
        self.inner.revoke(code)
        record_event(self.actor, "voucher.revoked", code=code)

    def __getattr__(self, name):
        return getattr(self.inner, name)
