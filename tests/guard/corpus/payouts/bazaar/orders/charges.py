import stripe
from django.conf import settings

from bazaar.payouts.ledger import SellerLedger


class PaymentService:
    """Takes the buyer's money at checkout."""

    def __init__(self):
        self.ledger = SellerLedger()

    def pay(self, order, token):
        charge = stripe.Charge.create(
            api_key=settings.STRIPE_KEY,
            amount=int(order.total * 100),
            currency="eur",
            source=token,
            metadata={"order": order.pk},
        )
        order.charge_id = charge.id
        order.mark_paid()
        self.ledger.credit_order(order, order.total - order.commission)
        return charge.id

    def capture(self, order):
        stripe.Charge.retrieve(order.charge_id, api_key=settings.STRIPE_KEY).capture()
