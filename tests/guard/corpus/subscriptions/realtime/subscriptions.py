"""Subscriptions for the websocket servers, which may not block on the ORM."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import asyncpg


class AsyncSubscriptionService:
    def __init__(self, pool: asyncpg.Pool, gateway) -> None:
        self.pool = pool
        self.gateway = gateway

    async def subscribe(self, customer_id: int, plan_code: str) -> int:
        async with self.pool.acquire() as conn, conn.transaction():
            plan = await conn.fetchrow(
                "SELECT * FROM billing_plan WHERE code = $1", plan_code
            )
            await self.gateway.charge(customer_id, plan["price_cents"])
            return await conn.fetchval(
                "INSERT INTO billing_subscription (customer_id, plan_id, status, started_at, renews_at, balance_cents)"
                " VALUES ($1, $2, 'active', now(), $3, 0) RETURNING id",
                customer_id,
                plan["id"],
                datetime.now(timezone.utc) + timedelta(days=plan["interval_days"]),
            )

    async def cancel(self, customer_id: int) -> None:
        async with self.pool.acquire() as conn:
            await conn.execute(
                "UPDATE billing_subscription SET status = 'cancelled', ended_at = now()"
                " WHERE customer_id = $1 AND status IN ('active', 'past_due')",
                customer_id,
            )

    async def current(self, customer_id: int) -> asyncpg.Record | None:
        async with self.pool.acquire() as conn:
            return await conn.fetchrow(
                "SELECT s.*, p.code FROM billing_subscription s JOIN billing_plan p ON p.id = s.plan_id"
                " WHERE s.customer_id = $1 AND s.status IN ('active', 'past_due')",
                customer_id,
            )
