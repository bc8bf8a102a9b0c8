"""The FastAPI side car for the seller app (no Django ORM in here, by decision of 2021)."""

from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import APIRouter, Depends, HTTPException

router = APIRouter(prefix="/v2/payouts")


@dataclass(frozen=True)
class PayoutView:
    id: UUID
    amount: Decimal
    currency: str
    status: str
    sent_at: datetime | None


class InstantPayouts:
    """Lets a seller cash out at once from the app."""

    FEE = Decimal("0.01")

    def __init__(self, pool: asyncpg.Pool, bank: httpx.AsyncClient) -> None:
        self._pool = pool
        self._bank = bank

    async def balance(self, seller_id: int) -> Decimal:
        row = await self._pool.fetchrow(
            "SELECT COALESCE(SUM(amount), 0) AS t FROM payouts_ledgerentry WHERE seller_id = $1",
            seller_id,
        )
        return row["t"]

    async def cash_out(self, seller_id: int, amount: Decimal) -> PayoutView:
        async with self._pool.acquire() as conn, conn.transaction():
            seller = await conn.fetchrow(
                "SELECT * FROM sellers_seller WHERE id = $1 FOR UPDATE", seller_id
            )
            if seller["on_hold"] or amount > await self.balance(seller_id):
                raise HTTPException(409, "not payable")
            payout_id = uuid4()
            await conn.execute(
                "INSERT INTO payouts_payout (id, seller_id, amount, currency, status, rail, created_at)"
                " VALUES ($1, $2, $3, 'EUR', 'pending', 'instant', now())",
                payout_id,
                seller_id,
                amount,
            )
            await conn.execute(
                "INSERT INTO payouts_ledgerentry (seller_id, payout_id, amount, memo, created_at)"
                " VALUES ($1, $2, $3, 'instant', now())",
                seller_id,
                payout_id,
                -amount,
            )
        answer = await self._bank.post(
            "/instant",
            json={
                "iban": seller["payout_account"],
                "amount": str(amount * (1 - self.FEE)),
                "ref": str(payout_id),
            },
        )
        answer.raise_for_status()
        now = datetime.now(timezone.utc)
        await self._pool.execute(
            "UPDATE payouts_payout SET status = 'sent', external_id = $2, sent_at = $3 WHERE id = $1",
            payout_id,
            answer.json()["id"],
            now,
        )
        return PayoutView(payout_id, amount, "EUR", "sent", now)

    async def history(self, seller_id: int, limit: int = 50) -> list[PayoutView]:
        rows = await self._pool.fetch(
            "SELECT id, amount, currency, status, sent_at FROM payouts_payout"
            " WHERE seller_id = $1 ORDER BY created_at DESC LIMIT $2",
            seller_id,
            limit,
        )
        return [PayoutView(**row) for row in rows]


def instant_payouts() -> InstantPayouts:
    from .wiring import bank, pool

    return InstantPayouts(pool, bank)


@router.post("/")
async def create(
    seller_id: int, amount: Decimal, payouts: InstantPayouts = Depends(instant_payouts)
):
    return await payouts.cash_out(seller_id, amount)
