"""Stock for the v2 API (Starlette, asyncpg)."""

from uuid import UUID, uuid4

import asyncpg

from shop.stock.errors import OutOfStock, UnknownReservation


class AsyncStockService:
    def __init__(self, pool: asyncpg.Pool, site: str = "MAIN") -> None:
        self._pool = pool
        self._site = site

    async def available(self, sku: str) -> int:
        value = await self._pool.fetchval(
            "SELECT on_hand - reserved FROM stock_stockitem WHERE sku = $1 AND site = $2",
            sku,
            self._site,
        )
        return value or 0

    async def reserve(self, sku: str, quantity: int, minutes: int = 15) -> UUID:
        token = uuid4()
        async with self._pool.acquire() as con, con.transaction():
            row = await con.fetchrow(
                "UPDATE stock_stockitem SET reserved = reserved + $3 "
                "WHERE sku = $1 AND site = $2 AND on_hand - reserved >= $3 RETURNING id",
                sku,
                self._site,
                quantity,
            )
            if row is None:
                raise OutOfStock(sku, quantity, await self.available(sku))
            await con.execute(
                "INSERT INTO stock_reservation (token, sku, site, quantity, state, expires_at) "
                "VALUES ($1, $2, $3, $4, 'open', now() + make_interval(mins => $5))",
                token,
                sku,
                self._site,
                quantity,
                minutes,
            )
        return token

    async def release(self, token: UUID) -> None:
        await self._close(token, "released", leaves=False)

    async def commit(self, token: UUID) -> None:
        await self._close(token, "committed", leaves=True)

    async def _close(self, token: UUID, state: str, leaves: bool) -> None:
        async with self._pool.acquire() as con, con.transaction():
            row = await con.fetchrow(
                "UPDATE stock_reservation SET state = $2 "
                "WHERE token = $1 AND state = 'open' RETURNING sku, quantity",
                token,
                state,
            )
            if row is None:
                raise UnknownReservation(token)
            await con.execute(
                "UPDATE stock_stockitem SET reserved = reserved - $3, "
                "on_hand = on_hand - CASE WHEN $4 THEN $3 ELSE 0 END "
                "WHERE sku = $1 AND site = $2",
                row["sku"],
                self._site,
                row["quantity"],
                leaves,
            )
