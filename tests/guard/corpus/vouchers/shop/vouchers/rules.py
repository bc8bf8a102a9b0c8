from decimal import Decimal, ROUND_HALF_UP

from . import errors
from .models import Voucher


class RedemptionRules:
    """Says whether a voucher fits an order, and what it is worth there."""

    cents = Decimal("0.01")

    def check(self, voucher, order):
        if voucher.revoked_at is not None:
            raise errors.VoucherNotFound(voucher.code)
        if voucher.is_expired:
            raise errors.VoucherExpired(voucher.code)
        if voucher.uses_left == 0:
            raise errors.VoucherAlreadyUsed(voucher.code)
        if voucher.customer_id and voucher.customer_id != order.customer_id:
            raise errors.VoucherNotFound(voucher.code)
        if order.subtotal < voucher.min_basket:
            raise errors.BasketTooSmall(voucher.min_basket - order.subtotal)

    def discount(self, voucher, order):
        if voucher.kind == Voucher.PERCENT:
            raw = order.subtotal * voucher.value / 100
        else:
            raw = voucher.value
        return min(raw, order.subtotal).quantize(self.cents, rounding=ROUND_HALF_UP)
