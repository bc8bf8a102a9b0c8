from __future__ import annotations

import asyncpg
from aiobotocore.session import get_session


class ImageModerationQueue:
    """Avatars and reader photos that wait for somebody to look at them."""

    def __init__(self, pool: asyncpg.Pool, bucket: str) -> None:
        self._pool = pool
        self._bucket = bucket

    async def post(self, user_id: int, key: str) -> int:
        async with self._pool.acquire() as conn:
            return await conn.fetchval(
                "INSERT INTO image_queue (user_id, s3_key, status) VALUES ($1, $2, 'pending') RETURNING id",
                user_id,
                key,
            )

    async def pending(self, limit: int = 50) -> list[asyncpg.Record]:
        async with self._pool.acquire() as conn:
            return await conn.fetch(
                "SELECT * FROM image_queue WHERE status = 'pending' LIMIT $1", limit
            )

    async def approve(self, image_id: int, moderator: str) -> None:
        await self._set(image_id, "approved", moderator)

    async def reject(self, image_id: int, moderator: str, reason: str = "") -> None:
        key = await self._set(image_id, "rejected", moderator)
        async with get_session().create_client("s3") as s3:
            await s3.delete_object(Bucket=self._bucket, Key=key)

    async def _set(self, image_id: int, status: str, moderator: str) -> str:
        async with self._pool.acquire() as conn:
            return await conn.fetchval(
                "UPDATE image_queue SET status = $2, moderator = $3 WHERE id = $1 RETURNING s3_key",
                image_id,
                status,
                moderator,
            )
