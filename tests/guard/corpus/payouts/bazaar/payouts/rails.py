"""The ways by which money leaves our accounts. Only the payout service talks to these."""

import abc

import requests
import stripe
from django.conf import settings

from .exceptions import PayoutRefused, RailDown


class Rail(abc.ABC):
    name = ""

    @abc.abstractmethod
    def submit(self, account, amount, currency, reference):
        """Submit one transfer and return the id that the provider gave it."""

    @abc.abstractmethod
    def status(self, external_id): ...


class StripeConnectRail(Rail):
    name = "stripe"

    def submit(self, account, amount, currency, reference):
        try:
            transfer = stripe.Transfer.create(
                api_key=settings.STRIPE_KEY,
                amount=int(amount * 100),
                currency=currency.lower(),
                destination=account,
                transfer_group=reference,
                idempotency_key=reference,
            )
        except stripe.error.APIConnectionError as exc:
            raise RailDown(str(exc)) from exc
        except stripe.error.InvalidRequestError as exc:
            raise PayoutRefused(account, exc.user_message) from exc
        return transfer.id

    def status(self, external_id):
        transfer = stripe.Transfer.retrieve(external_id, api_key=settings.STRIPE_KEY)
        return "failed" if transfer.reversed else "paid"


class BankRail(Rail):
    name = "bank"

    def __init__(self, base_url=None, timeout=20):
        self.base_url = base_url or settings.BANK_API
        self.timeout = timeout

    def submit(self, account, amount, currency, reference):
        try:
            response = requests.post(
                f"{self.base_url}/transfers",
                json={
                    "iban": account,
                    "amount": str(amount),
                    "ccy": currency,
                    "ref": reference,
                },
                headers={"X-Idempotency-Key": reference},
                timeout=self.timeout,
            )
        except requests.RequestException as exc:
            raise RailDown(str(exc)) from exc
        if response.status_code == 422:
            raise PayoutRefused(account, response.json()["detail"])
        response.raise_for_status()
        return response.json()["id"]

    def status(self, external_id):
        response = requests.get(
            f"{self.base_url}/transfers/{external_id}", timeout=self.timeout
        )
        return {"settled": "paid", "bounced": "failed"}.get(
            response.json()["state"], "sent"
        )
