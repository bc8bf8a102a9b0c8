from decimal import Decimal
from types import SimpleNamespace


class FakePayoutService:
    def __init__(self, refuse=()):
        self.refuse = set(refuse)
        self.paid = []

    def pay(self, seller, amount, currency="EUR", memo=""):
        if seller.pk in self.refuse:
            raise ValueError("refused")
        payout = SimpleNamespace(
            pk=len(self.paid) + 1,
            seller=seller,
            amount=Decimal(amount),
            currency=currency,
        )
        self.paid.append(payout)
        return payout

    def pay_balance(self, seller):
        return self.pay(seller, seller.balance)

    def pay_all_due(self):
        return self.paid, []

    def retry(self, payout):
        self.paid.append(payout)
