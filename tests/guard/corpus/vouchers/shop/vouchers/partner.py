from . import errors
from .service import VoucherService


class PartnerVoucherService(VoucherService):
    """Vouchers a partner gives away: his prefix, and a monthly allowance."""

    def __init__(self, partner, **kwargs):
        super().__init__(**kwargs)
        self.partner = partner

    def issue(self, kind, value, **options):
        if self.partner.vouchers_this_month() >= self.partner.monthly_allowance:
            raise errors.VoucherError("allowance of %s is used up" % self.partner)
        options["prefix"] = self.partner.slug[:6]
        voucher = super().issue(kind, value, **options)
        self.partner.count_voucher(voucher)
        return voucher
