from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5, NAMESPACE_URL

import httpx

from talkback.domain.errors import CommentNotFound
from talkback.domain.models import Comment, CommentStatus


class DiscourseDiscussion:
    """``Discussion`` for the articles of the members' club, whose talk is on their Discourse forum."""

    def __init__(self, client: httpx.AsyncClient, category: int) -> None:
        self._client = client
        self._category = category
        self._posts: dict[UUID, int] = {}

    async def post(self, comment: Comment) -> Comment:
        topic = await self._topic(comment.article_id)
        answer = await self._client.post(
            "/posts.json", json={"topic_id": topic, "raw": comment.body}
        )
        answer.raise_for_status()
        self._posts[comment.id] = answer.json()["id"]
        return comment

    async def thread(self, article_id: str) -> Sequence[Comment]:
        answer = await self._client.get(f"/t/{await self._topic(article_id)}.json")
        result = []
        for post in answer.json()["post_stream"]["posts"][1:]:
            key = uuid5(NAMESPACE_URL, f"post/{post['id']}")
            self._posts[key] = post["id"]
            result.append(
                Comment(
                    article_id,
                    post["user_id"],
                    post["cooked"],
                    None,
                    CommentStatus.APPROVED,
                    key,
                    datetime.fromisoformat(post["created_at"].rstrip("Z")),
                )
            )
        return result

    async def approve(self, comment_id: UUID, moderator: str) -> None:
        await self._client.put(f"/posts/{self._post(comment_id)}/recover.json")

    async def reject(self, comment_id: UUID, moderator: str, reason: str = "") -> None:
        await self._client.delete(f"/posts/{self._post(comment_id)}.json")

    def _post(self, comment_id: UUID) -> int:
        try:
            return self._posts[comment_id]
        except KeyError:
            raise CommentNotFound(comment_id) from None

    async def _topic(self, article_id: str) -> int:
        answer = await self._client.get(
            f"/t/external_id/{article_id}.json", follow_redirects=True
        )
        if answer.status_code == 404:
            answer = await self._client.post(
                "/posts.json",
                json={
                    "title": f"Article {article_id}",
                    "raw": "Talk here.",
                    "category": self._category,
                    "external_id": article_id,
                },
            )
            return answer.json()["topic_id"]
        return answer.json()["id"]
