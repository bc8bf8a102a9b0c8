import time
from dataclasses import dataclass
from decimal import Decimal

import httpx

from billing.gateway import PaymentGateway
from billing.values import Payment


@dataclass
class RetryingGateway:
    gateway: PaymentGateway
    attempts: int = 3
    pause: float = 0.5

    def authorize(self, card: str, amount: Decimal) -> Payment:
        for attempt in range(self.attempts):
            try:
                return self.gateway.authorize(card, amount)
            except httpx.TransportError:
                time.sleep(self.pause * 2**attempt)
        return self.gateway.authorize(card, amount)

    def capture(self, payment_id: str) -> Payment:
        for attempt in range(self.attempts):
            try:
                return self.gateway.capture(payment_id)
            except httpx.TransportError:
                time.sleep(self.pause * 2**attempt)
        return self.gateway.capture(payment_id)

    def refund(self, payment_id: str, amount: Decimal) -> Payment:
        # Never twice: a refund that timed out may have happened.
        return self.gateway.refund(payment_id, amount)

    def status(self, payment_id: str) -> str:
        return self.gateway.status(payment_id)
