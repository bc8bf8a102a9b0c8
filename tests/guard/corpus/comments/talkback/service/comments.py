from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from talkback.domain.errors import CommentNotFound, CommentsClosed
from talkback.domain.models import Comment, CommentStatus
from talkback.domain.ports import ArticleLookup
from talkback.service.screening import CommentScreener

log = logging.getLogger(__name__)


class CommentService:
    """Stores comments and moderates them. Fulfils ``Discussion``.

    Table ``comment`` belongs to this class; table ``moderation`` says who decided what.
    """

    def __init__(
        self, pool: asyncpg.Pool, articles: ArticleLookup, screener: CommentScreener
    ) -> None:
        self._pool = pool
        self._articles = articles
        self._screener = screener

    async def post(self, comment: Comment) -> Comment:
        if not await self._articles.is_open(comment.article_id):
            raise CommentsClosed(comment.article_id)
        verdict = self._screener.judge(comment)
        comment.status = verdict.status
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(
                "INSERT INTO comment (id, article_id, author_id, parent_id, body, status, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                comment.id,
                comment.article_id,
                comment.author_id,
                comment.parent_id,
                comment.body,
                comment.status.value,
                comment.created_at,
            )
            if verdict.reasons:
                await self._record(
                    conn,
                    comment.id,
                    "screener",
                    comment.status,
                    ", ".join(verdict.reasons),
                )
        return comment

    async def edit(self, comment_id: UUID, author_id: int, body: str) -> Comment:
        async with self._pool.acquire() as conn:
            row = await conn.fetchrow(
                "UPDATE comment SET body = $3, status = 'pending' WHERE id = $1 AND author_id = $2 RETURNING *",
                comment_id,
                author_id,
                body,
            )
        if row is None:
            raise CommentNotFound(comment_id)
        return self._comment(row)

    async def delete(self, comment_id: UUID, by: str) -> None:
        await self._decide(comment_id, by, CommentStatus.DELETED, "")

    async def approve(self, comment_id: UUID, moderator: str) -> None:
        await self._decide(comment_id, moderator, CommentStatus.APPROVED, "")

    async def reject(self, comment_id: UUID, moderator: str, reason: str = "") -> None:
        await self._decide(comment_id, moderator, CommentStatus.REJECTED, reason)

    async def thread(self, article_id: str) -> Sequence[Comment]:
        async with self._pool.acquire() as conn:
            rows = await conn.fetch(
                "SELECT * FROM comment WHERE article_id = $1 AND status = 'approved' ORDER BY created_at",
                article_id,
            )
        return [self._comment(r) for r in rows]

    async def pending(self, limit: int = 50) -> Sequence[Comment]:
        async with self._pool.acquire() as conn:
            rows = await conn.fetch(
                "SELECT * FROM comment WHERE status = 'pending' ORDER BY created_at LIMIT $1",
                limit,
            )
        return [self._comment(r) for r in rows]

    async def _decide(
        self, comment_id: UUID, who: str, status: CommentStatus, reason: str
    ) -> None:
        async with self._pool.acquire() as conn, conn.transaction():
            done = await conn.execute(
                "UPDATE comment SET status = $2 WHERE id = $1", comment_id, status.value
            )
            if done.endswith(" 0"):
                raise CommentNotFound(comment_id)
            await self._record(conn, comment_id, who, status, reason)
        log.info("%s: %s by %s", comment_id, status.value, who)

    @staticmethod
    async def _record(
        conn, comment_id: UUID, who: str, status: CommentStatus, reason: str
    ) -> None:
        await conn.execute(
            "INSERT INTO moderation (comment_id, who, status, reason, at) VALUES ($1, $2, $3, $4, now())",
            comment_id,
            who,
            status.value,
            reason,
        )

    @staticmethod
    def _comment(row: asyncpg.Record) -> Comment:
        return Comment(
            row["article_id"],
            row["author_id"],
            row["body"],
            row["parent_id"],
            CommentStatus(row["status"]),
            row["id"],
            row["created_at"],
        )


class PremoderatedComments(CommentService):
    """For politics and obituaries: nothing appears before a human has seen it."""

    async def post(self, comment: Comment) -> Comment:
        comment = await super().post(comment)
        if comment.status is CommentStatus.APPROVED:
            await self._decide(
                comment.id, "premoderation", CommentStatus.PENDING, "section rule"
            )
            comment.status = CommentStatus.PENDING
        return comment
