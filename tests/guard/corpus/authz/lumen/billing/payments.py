from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import httpx

from .access import BillingAcl


@dataclass
class PaymentAuthorizer:
    """Authorizes card payments at the acquirer, to capture them when the month is over."""

    client: httpx.AsyncClient
    merchant: str

    async def authorize(
        self, card_token: str, amount: Decimal, currency: str = "EUR"
    ) -> str:
        response = await self.client.post(
            "/authorizations",
            json={
                "merchant": self.merchant,
                "card": card_token,
                "amount": str(amount),
                "currency": currency,
            },
        )
        response.raise_for_status()
        return response.json()["authorization_id"]

    async def revoke(self, authorization_id: str) -> None:
        (
            await self.client.delete(f"/authorizations/{authorization_id}")
        ).raise_for_status()

    async def capture(self, authorization_id: str) -> None:
        (
            await self.client.post(f"/authorizations/{authorization_id}/capture")
        ).raise_for_status()


async def cancel_invoice(
    acl: BillingAcl, payments: PaymentAuthorizer, user, invoice
) -> None:
    acl.check(user.email, "invoice.cancel")
    await payments.revoke(invoice.authorization_id)
