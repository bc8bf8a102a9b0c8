from __future__ import annotations

from pathlib import Path

import asyncpg

from talkback.domain.ports import ArticleLookup
from talkback.service.comments import CommentService, PremoderatedComments
from talkback.service.screening import CommentScreener

STRICT = {"politics", "obituaries", "courts"}


class CommentServiceProvider:
    def __init__(self, dsn: str, articles: ArticleLookup, words: Path) -> None:
        self._dsn = dsn
        self._articles = articles
        self._words = words
        self._pool: asyncpg.Pool | None = None

    async def start(self) -> None:
        self._pool = await asyncpg.create_pool(self._dsn, min_size=2, max_size=20)

    async def stop(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    def for_section(self, section: str) -> CommentService:
        screener = CommentScreener(self._words.read_text().split())
        cls = PremoderatedComments if section in STRICT else CommentService
        return cls(self._pool, self._articles, screener)
