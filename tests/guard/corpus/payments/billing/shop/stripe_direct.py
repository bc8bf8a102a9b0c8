from dataclasses import dataclass

import httpx


@dataclass
class StripeClient:
    secret: str
    base: str = "https://api.example/v1/"

    def authorize(self, card, amount):
        return self._call("payment_intents", {"amount": amount, "source": card})

    def capture(self, payment_id):
        return self._call(f"payment_intents/{payment_id}/capture", {})

    def refund(self, payment_id, amount):
        return self._call("refunds", {"intent": payment_id, "amount": amount})

    def webhook(self, body):
        return body["type"], body["data"]

    def _call(self, path, data):
        response = httpx.post(self.base + path, data=data, auth=(self.secret, ""))
        response.raise_for_status()
        return response.json()
