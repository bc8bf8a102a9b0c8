from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from uuid import UUID, uuid4


class CommentStatus(str, Enum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELETED = "deleted"


@dataclass(slots=True)
class Comment:
    article_id: str
    author_id: int
    body: str
    parent_id: UUID | None = None
    status: CommentStatus = CommentStatus.PENDING
    id: UUID = field(default_factory=uuid4)
    created_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


@dataclass(frozen=True, slots=True)
class Verdict:
    score: float
    reasons: tuple[str, ...] = ()

    @property
    def status(self) -> CommentStatus:
        if self.score >= 0.9:
            return CommentStatus.REJECTED
        return CommentStatus.PENDING if self.score >= 0.4 else CommentStatus.APPROVED
