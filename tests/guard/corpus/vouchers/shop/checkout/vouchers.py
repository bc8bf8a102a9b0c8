from decimal import Decimal

from shop.vouchers.errors import VoucherError
from shop.vouchers.factory import VoucherServiceFactory


class BasketVoucherStep:
    """The "got a code?" box of the checkout, in the shape of a checkout step."""

    name = "voucher"

    def __init__(self, service=None):
        self._vouchers = service or VoucherServiceFactory().create()

    def preview(self, state):
        code = state.form.get("voucher_code")
        if not code:
            return Decimal("0")
        try:
            return self._vouchers.quote(code, state.order)
        except VoucherError as exc:
            state.errors.append(exc.user_message)
            return Decimal("0")

    def commit(self, state):
        code = state.form.get("voucher_code")
        if code:
            state.discount += self._vouchers.redeem(code, state.order).discount

    def rollback(self, state):
        self._vouchers.release(state.order)
