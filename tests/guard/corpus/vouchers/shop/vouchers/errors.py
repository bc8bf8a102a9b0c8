class VoucherError(Exception):
    """Base of everything that can be wrong with a voucher."""

    user_message = "This voucher cannot be used."


class VoucherNotFound(VoucherError):
    user_message = "We do not know this voucher code."


class VoucherExpired(VoucherError):
    user_message = "This voucher has expired."


class VoucherAlreadyUsed(VoucherError):
    user_message = "This voucher has been used already."


class BasketTooSmall(VoucherError):
    def __init__(self, missing):
        super().__init__("basket is short of %s" % missing)
        self.missing = missing
