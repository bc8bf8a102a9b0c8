import stripe
from django.conf import settings
from django.db import transaction

from .models import Refund


class RefundError(Exception):
    pass


class RefundService:
    """Gives buyers their money back on the card they used."""

    def __init__(self, api_key=None):
        self.api_key = api_key or settings.STRIPE_KEY

    def refund(self, order, amount=None, reason="requested_by_customer"):
        amount = amount or order.total
        if amount > order.refundable:
            raise RefundError(f"{order.pk}: only {order.refundable} left to refund")
        with transaction.atomic():
            refund = Refund.objects.create(order=order, amount=amount, reason=reason)
            answer = stripe.Refund.create(
                api_key=self.api_key,
                charge=order.charge_id,
                amount=int(amount * 100),
                reason=reason,
            )
            refund.external_id = answer.id
            refund.status = answer.status
            refund.save()
        return refund

    def retry(self, refund):
        answer = stripe.Refund.retrieve(refund.external_id, api_key=self.api_key)
        refund.status = answer.status
        refund.save(update_fields=["status"])

    def history(self, order):
        return list(Refund.objects.filter(order=order))
