from __future__ import annotations

from typing import Protocol, Sequence, runtime_checkable
from uuid import UUID

from talkback.domain.models import Comment


@runtime_checkable
class Discussion(Protocol):
    """A place where readers discuss an article, and where moderators tidy up."""

    async def post(self, comment: Comment) -> Comment: ...

    async def thread(self, article_id: str) -> Sequence[Comment]: ...

    async def approve(self, comment_id: UUID, moderator: str) -> None: ...

    async def reject(
        self, comment_id: UUID, moderator: str, reason: str = ""
    ) -> None: ...


class ArticleLookup(Protocol):
    async def is_open(self, article_id: str) -> bool: ...
