from __future__ import annotations

from uuid import UUID

from redis.asyncio import Redis

KINDS = ("like", "laugh", "sad", "angry")


class CommentReactions:
    """Counts the thumbs and faces that readers click; one per reader and comment."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, comment_id: UUID, user_id: int, kind: str) -> None:
        if kind not in KINDS:
            raise ValueError(kind)
        await self.remove(comment_id, user_id)
        await self._redis.sadd(f"react:{comment_id}:{kind}", user_id)

    async def remove(self, comment_id: UUID, user_id: int) -> None:
        for kind in KINDS:
            await self._redis.srem(f"react:{comment_id}:{kind}", user_id)

    async def counts(self, comment_id: UUID) -> dict[str, int]:
        return {
            kind: await self._redis.scard(f"react:{comment_id}:{kind}")
            for kind in KINDS
        }
