"""Boards for talking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class Post:
    id: int
    author: str
    text: str
    posted_at: datetime


class MessageBoard:
    """A clan's bulletin board."""

    def __init__(self, pool: asyncpg.Pool, clan_id: int) -> None:
        self.pool = pool
        self.clan_id = clan_id

    async def submit(self, player_id: str, text: str) -> int:
        return await self.pool.fetchval(
            "INSERT INTO posts (clan_id, author, text) VALUES ($1, $2, $3) RETURNING id",
            self.clan_id,
            player_id,
            text,
        )

    async def top(self, count: int = 10) -> list[Post]:
        """The newest posts; pinned ones first."""
        rows = await self.pool.fetch(
            "SELECT id, author, text, posted_at FROM posts WHERE clan_id = $1"
            " ORDER BY pinned DESC, posted_at DESC LIMIT $2",
            self.clan_id,
            count,
        )
        return [Post(**row) for row in rows]

    async def remove(self, post_id: int) -> None:
        await self.pool.execute("DELETE FROM posts WHERE id = $1", post_id)


class SearchRanker:
    """Orders the hits of the player search by how well the name fits."""

    def __init__(self, prefix_bonus: float = 2.0) -> None:
        self.prefix_bonus = prefix_bonus

    def score(self, query: str, nick: str) -> float:
        common = len(set(query.lower()) & set(nick.lower())) / max(len(nick), 1)
        return common + (
            self.prefix_bonus if nick.lower().startswith(query.lower()) else 0
        )

    def rank(self, query: str, nicks: list[str]) -> list[str]:
        return sorted(nicks, key=lambda nick: self.score(query, nick), reverse=True)
