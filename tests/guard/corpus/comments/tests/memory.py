from __future__ import annotations

from uuid import UUID

from talkback.domain.errors import CommentNotFound
from talkback.domain.models import Comment, CommentStatus


class InMemoryDiscussion:
    """For tests of whatever needs a Discussion."""

    def __init__(self) -> None:
        self.comments: dict[UUID, Comment] = {}

    async def post(self, comment: Comment) -> Comment:
        self.comments[comment.id] = comment
        return comment

    async def thread(self, article_id: str) -> list[Comment]:
        return [
            c
            for c in self.comments.values()
            if c.article_id == article_id and c.status is CommentStatus.APPROVED
        ]

    async def approve(self, comment_id: UUID, moderator: str) -> None:
        self._get(comment_id).status = CommentStatus.APPROVED

    async def reject(self, comment_id: UUID, moderator: str, reason: str = "") -> None:
        self._get(comment_id).status = CommentStatus.REJECTED

    async def pending(self, limit: int = 50) -> list[Comment]:
        return [c for c in self.comments.values() if c.status is CommentStatus.PENDING][
            :limit
        ]

    def _get(self, comment_id: UUID) -> Comment:
        if comment_id not in self.comments:
            raise CommentNotFound(comment_id)
        return self.comments[comment_id]
