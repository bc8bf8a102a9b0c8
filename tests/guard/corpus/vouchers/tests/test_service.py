import pytest
from django.test import TestCase

from shop.vouchers import errors
from shop.vouchers.service import VoucherService
from tests.factories import OrderFactory


class VoucherServiceTests(TestCase):
    def setUp(self):
        self.service = VoucherService()

    def test_redeem_once(self):
        voucher = self.service.issue("amount", 10)
        self.service.redeem(voucher.code, OrderFactory(subtotal=50))
        with pytest.raises(errors.VoucherAlreadyUsed):
            self.service.redeem(voucher.code, OrderFactory(subtotal=50))

    def test_small_basket(self):
        voucher = self.service.issue("amount", 10, min_basket=30)
        with pytest.raises(errors.BasketTooSmall):
            self.service.redeem(voucher.code, OrderFactory(subtotal=20))
