from decimal import Decimal

import httpx


class PaymentService:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.open: dict[str, Decimal] = {}

    async def pay(self, customer: str, amount: Decimal) -> str:
        answer = await self.client.post("/payments", json={"amount": str(amount)})
        self.open[answer.json()["id"]] = amount
        return answer.json()["id"]

    async def total(self, customer: str) -> Decimal:
        return sum(self.open.values(), Decimal(0))

    async def refund(self, payment: str) -> None:
        await self.client.delete(f"/payments/{payment}")
