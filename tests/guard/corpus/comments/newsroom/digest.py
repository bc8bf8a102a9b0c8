from __future__ import annotations

from email.message import EmailMessage

import aiosmtplib

from talkback.domain.ports import Discussion


class CommentDigest:
    """Mails authors every morning what readers said about their articles."""

    def __init__(self, discussion: Discussion, host: str) -> None:
        self._discussion = discussion
        self._host = host

    async def send(self, author_email: str, article_ids: list[str]) -> int:
        lines = []
        for article_id in article_ids:
            for comment in await self._discussion.thread(article_id):
                lines.append(f"{article_id}: {comment.body[:200]}")
        if lines:
            message = EmailMessage()
            message["To"], message["From"] = author_email, "talkback@paper.example"
            message["Subject"] = f"{len(lines)} comments"
            message.set_content("\n\n".join(lines))
            await aiosmtplib.send(message, hostname=self._host)
        return len(lines)
