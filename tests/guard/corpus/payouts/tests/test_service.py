import pytest
from django.test import TestCase

from bazaar.legacy.seller_money import SellerMoneyCompat
from bazaar.payouts.audit import AuditedPayouts
from bazaar.payouts.exceptions import PayoutRefused
from bazaar.payouts.rails import Rail
from bazaar.payouts.service import PayoutService
from tests.factories import SellerFactory, UserFactory
from tests.fakes import FakePayoutService


class RecordingRail(Rail):
    name = "stripe"

    def __init__(self):
        self.sent = []

    def submit(self, account, amount, currency, reference):
        self.sent.append((account, amount))
        return f"tr_{len(self.sent)}"

    def status(self, external_id):
        return "paid"


class PayoutServiceTest(TestCase):
    def setUp(self):
        self.rail = RecordingRail()
        self.service = PayoutService(rails=[self.rail])

    def test_pays_the_balance(self):
        seller = SellerFactory(balance=40)
        self.service.pay_balance(seller)
        assert self.rail.sent == [(seller.payout_account, 40)]

    def test_refuses_more_than_the_balance(self):
        with pytest.raises(PayoutRefused):
            self.service.pay(SellerFactory(balance=40), 50)


def test_audited_hands_on(db):
    fake = FakePayoutService()
    AuditedPayouts(fake, UserFactory()).pay(SellerFactory(), 12)
    assert len(fake.paid) == 1


def test_compat(db):
    assert SellerMoneyCompat(FakePayoutService()).send_all() == 0
