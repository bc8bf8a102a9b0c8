"""The one place where vouchers are issued and redeemed.

Everything outside this app should go through VoucherService (see factory.py
for how to get one) and never touch the Voucher table itself.
"""

import logging

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from . import errors
from .codes import CodeGenerator
from .models import Redemption, Voucher
from .rules import RedemptionRules

log = logging.getLogger(__name__)


class VoucherService:
    def __init__(self, codes=None, rules=None, max_attempts=5):
        self.codes = codes or CodeGenerator()
        self.rules = rules or RedemptionRules()
        self.max_attempts = max_attempts

    def issue(
        self,
        kind,
        value,
        *,
        prefix="",
        customer=None,
        min_basket=0,
        max_uses=1,
        valid_until=None,
    ):
        for _ in range(self.max_attempts):
            try:
                with transaction.atomic():
                    voucher = Voucher.objects.create(
                        code=self.codes.generate(prefix),
                        kind=kind,
                        value=value,
                        customer=customer,
                        min_basket=min_basket,
                        max_uses=max_uses,
                        valid_until=valid_until,
                    )
            except IntegrityError:
                continue
            log.info("issued voucher %s (%s %s)", voucher.code, value, kind)
            return voucher
        raise errors.VoucherError("no free code after %d attempts" % self.max_attempts)

    def issue_batch(self, count, kind, value, **options):
        return [self.issue(kind, value, **options) for _ in range(count)]

    def get(self, code):
        try:
            return Voucher.objects.get(code=self.codes.normalise(code))
        except Voucher.DoesNotExist:
            raise errors.VoucherNotFound(code)

    def quote(self, code, order):
        voucher = self.get(code)
        self.rules.check(voucher, order)
        return self.rules.discount(voucher, order)

    @transaction.atomic
    def redeem(self, code, order):
        voucher = (
            Voucher.objects.select_for_update()
            .filter(code=self.codes.normalise(code))
            .first()
        )
        if voucher is None:
            raise errors.VoucherNotFound(code)
        self.rules.check(voucher, order)
        redemption = Redemption.objects.create(
            voucher=voucher, order=order, discount=self.rules.discount(voucher, order)
        )
        Voucher.objects.filter(pk=voucher.pk).update(used=F("used") + 1)
        log.info("redeemed %s on order %s", voucher.code, order.pk)
        return redemption

    @transaction.atomic
    def release(self, order):
        """Gives the vouchers of a cancelled order back."""
        for redemption in Redemption.objects.filter(order=order):
            Voucher.objects.filter(pk=redemption.voucher_id).update(used=F("used") - 1)
            redemption.delete()

    def revoke(self, code):
        voucher = self.get(code)
        voucher.revoked_at = timezone.now()
        voucher.save(update_fields=["revoked_at"])
