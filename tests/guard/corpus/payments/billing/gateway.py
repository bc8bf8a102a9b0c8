import uuid
from dataclasses import dataclass, field
from decimal import Decimal

import httpx

from billing.errors import PaymentDeclined
from billing.values import Payment


@dataclass
class PaymentGateway:
    """Takes money from cards, and gives it back."""

    client: httpx.Client
    merchant: str
    _known: dict[str, Payment] = field(default_factory=dict)

    def authorize(self, card: str, amount: Decimal) -> Payment:
        answer = self._post("authorizations", card=card, amount=str(amount))
        payment = Payment(answer["id"], amount, "authorized")
        self._known[payment.id] = payment
        return payment

    def capture(self, payment_id: str) -> Payment:
        self._post(f"authorizations/{payment_id}/capture")
        return self._mark(payment_id, "captured")

    def refund(self, payment_id: str, amount: Decimal) -> Payment:
        self._post(f"payments/{payment_id}/refunds", amount=str(amount))
        return self._mark(payment_id, "refunded")

    def void(self, payment_id: str) -> Payment:
        self._post(f"authorizations/{payment_id}/void")
        return self._mark(payment_id, "void")

    def status(self, payment_id: str) -> str:
        return self._known[payment_id].state

    def _mark(self, payment_id: str, state: str) -> Payment:
        payment = self._known[payment_id].moved_to(state)
        self._known[payment_id] = payment
        return payment

    def _post(self, path: str, **data: str) -> dict:
        key = uuid.uuid4().hex
        response = self.client.post(path, json=data, headers={"Idempotency": key})
        if response.status_code == 402:
            raise PaymentDeclined(response.text)
        response.raise_for_status()
        return response.json()
