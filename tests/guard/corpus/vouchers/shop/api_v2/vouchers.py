"""Voucher endpoints of the mobile API. FastAPI, so no Django ORM in here."""

from datetime import datetime, timezone
from decimal import Decimal

import asyncpg
from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel

from shop.vouchers.codes import ALPHABET
import secrets

router = APIRouter(prefix="/v2/vouchers")


class RedeemRequest(BaseModel):
    code: str
    order_id: int
    subtotal: Decimal


class MobileVouchers:
    def __init__(self, pool: asyncpg.Pool):
        self._pool = pool

    async def issue(
        self, kind: str, value: Decimal, valid_until: datetime | None = None
    ) -> str:
        code = "APP-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
        async with self._pool.acquire() as conn:
            await conn.execute(
                "INSERT INTO vouchers_voucher (code, kind, value, min_basket, max_uses, used,"
                " valid_until, created_at) VALUES ($1, $2, $3, 0, 1, 0, $4, now())",
                code,
                kind,
                value,
                valid_until,
            )
        return code

    async def redeem(self, code: str, order_id: int, subtotal: Decimal) -> Decimal:
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow(
                "SELECT * FROM vouchers_voucher WHERE code = $1 FOR UPDATE",
                code.upper(),
            )
            if row is None or row["revoked_at"]:
                raise HTTPException(404, "unknown voucher")
            if row["valid_until"] and row["valid_until"] < datetime.now(timezone.utc):
                raise HTTPException(410, "voucher expired")
            if row["used"] >= row["max_uses"]:
                raise HTTPException(409, "voucher already used")
            off = (
                subtotal * row["value"] / 100
                if row["kind"] == "percent"
                else row["value"]
            )
            off = min(off, subtotal)
            await conn.execute(
                "INSERT INTO vouchers_redemption (voucher_id, order_id, discount, created_at)"
                " VALUES ($1, $2, $3, now())",
                row["id"],
                order_id,
                off,
            )
            await conn.execute(
                "UPDATE vouchers_voucher SET used = used + 1 WHERE id = $1", row["id"]
            )
        return off


async def vouchers() -> MobileVouchers:
    from shop.api_v2.db import pool

    return MobileVouchers(await pool())


@router.post("/redeem")
async def redeem(body: RedeemRequest, service: MobileVouchers = Depends(vouchers)):
    return {
        "discount": str(await service.redeem(body.code, body.order_id, body.subtotal))
    }
