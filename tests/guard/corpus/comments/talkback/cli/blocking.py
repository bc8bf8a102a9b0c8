"""For cron jobs and notebooks, where nobody wants an event loop."""

from __future__ import annotations

import uuid

import psycopg2
import psycopg2.extras


class BlockingComments:
    def __init__(self, dsn: str) -> None:
        self.conn = psycopg2.connect(dsn, cursor_factory=psycopg2.extras.DictCursor)

    def post(self, article_id: str, author_id: int, body: str) -> str:
        comment_id = str(uuid.uuid4())
        with self.conn, self.conn.cursor() as cur:
            cur.execute(
                "INSERT INTO comment (id, article_id, author_id, body, status, created_at)"
                " VALUES (%s, %s, %s, %s, 'approved', now())",
                (comment_id, article_id, author_id, body),
            )
        return comment_id

    def approve(self, comment_id: str) -> None:
        self._set(comment_id, "approved")

    def reject(self, comment_id: str) -> None:
        self._set(comment_id, "rejected")

    def pending(self) -> list:
        with self.conn, self.conn.cursor() as cur:
            cur.execute(
                "SELECT * FROM comment WHERE status = 'pending' ORDER BY created_at"
            )
            return cur.fetchall()

    def _set(self, comment_id: str, status: str) -> None:
        with self.conn, self.conn.cursor() as cur:
            cur.execute(
                "UPDATE comment SET status = %s WHERE id = %s", (status, comment_id)
            )


def reject_spam_wave(dsn: str, phrase: str) -> int:
    comments = BlockingComments(dsn)
    hits = [row for row in comments.pending() if phrase in row["body"]]
    for row in hits:
        comments.reject(row["id"])
    return len(hits)
