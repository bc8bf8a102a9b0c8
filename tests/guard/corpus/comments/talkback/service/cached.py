from __future__ import annotations

import pickle
from collections.abc import Sequence
from uuid import UUID

from redis.asyncio import Redis

from talkback.domain.models import Comment
from talkback.domain.ports import Discussion


class CachedDiscussion:
    """Keeps rendered threads in Redis for a minute, in front of another Discussion."""

    TTL = 60

    def __init__(self, inner: Discussion, redis: Redis) -> None:
        self._inner = inner
        self._redis = redis

    async def post(self, comment: Comment) -> Comment:
        made = await self._inner.post(comment)
        await self._redis.delete(f"thread:{comment.article_id}")
        return made

    async def thread(self, article_id: str) -> Sequence[Comment]:
        key = f"thread:{article_id}"
        if blob := await self._redis.get(key):
            return pickle.loads(blob)
        comments = await self._inner.thread(article_id)
        await self._redis.set(key, pickle.dumps(list(comments)), ex=self.TTL)
        return comments

    async def approve(self, comment_id: UUID, moderator: str) -> None:
        await self._inner.approve(comment_id, moderator)

    async def reject(self, comment_id: UUID, moderator: str, reason: str = "") -> None:
        await self._inner.reject(comment_id, moderator, reason)
