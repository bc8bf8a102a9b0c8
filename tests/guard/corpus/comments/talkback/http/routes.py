from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, constr

from talkback.domain.errors import TalkbackError
from talkback.domain.models import Comment
from talkback.service.comments import CommentService

router = APIRouter(prefix="/articles/{article_id}/comments")


class CommentIn(BaseModel):
    body: constr(min_length=2, max_length=4000)
    parent: UUID | None = None


def service(request: Request) -> CommentService:
    return request.app.state.provider.for_section(
        request.headers.get("x-section", "news")
    )


@router.get("")
async def read_thread(article_id: str, comments: CommentService = Depends(service)):
    return await comments.thread(article_id)


@router.post("", status_code=201)
async def write(
    article_id: str,
    data: CommentIn,
    request: Request,
    comments: CommentService = Depends(service),
):
    try:
        return await comments.post(
            Comment(article_id, request.state.user_id, data.body, data.parent)
        )
    except TalkbackError as exc:
        raise HTTPException(exc.status, str(exc)) from exc


class ModerationDesk:
    """The moderators' websocket speaks in short verbs; this turns them into calls of the service."""

    def __init__(self, comments: CommentService, moderator: str) -> None:
        self._comments = comments
        self._moderator = moderator

    async def ok(self, comment_id: str) -> dict:
        await self._comments.approve(UUID(comment_id), self._moderator)
        return {"done": comment_id}

    async def no(self, comment_id: str, why: str = "") -> dict:
        await self._comments.reject(UUID(comment_id), self._moderator, why)
        return {"done": comment_id}

    async def next(self) -> list[dict]:
        return [
            {"id": str(c.id), "text": c.body} for c in await self._comments.pending(10)
        ]
