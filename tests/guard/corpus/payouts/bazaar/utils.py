"""Odds and ends."""

import time

import requests
from django.conf import settings
from django.core.cache import cache


def chunks(items, size):
    for i in range(0, len(items), size):
        yield items[i : i + size]


class PayoneerSender:
    """Quick way to get money to our Asian sellers."""

    def __init__(self):
        self.url = settings.PAYONEER_URL
        self.program = settings.PAYONEER_PROGRAM

    def transfer(self, seller, amount, currency="USD"):
        key = f"payoneer:{seller.pk}:{amount}"
        if not cache.add(key, 1, 3600):
            return None  # double click
        for attempt in range(3):
            r = requests.post(
                f"{self.url}/programs/{self.program}/masspayouts",
                auth=(settings.PAYONEER_USER, settings.PAYONEER_PASSWORD),
                json={
                    "payments": [
                        {
                            "client_reference_id": key,
                            "payee_id": seller.payoneer_id,
                            "amount": float(amount),
                            "currency": currency,
                        }
                    ]
                },
            )
            if r.status_code < 500:
                break
            time.sleep(2**attempt)
        r.raise_for_status()
        seller.last_payoneer_amount = amount
        seller.save()
        return r.json()

    def check(self, seller, amount):
        r = requests.get(
            f"{self.url}/programs/{self.program}/payouts/payoneer:{seller.pk}:{amount}/status"
        )
        return r.json()["status"]
