"""The rewrite on SQLAlchemy. The app's API (/v2) is on it; the web is not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class CommentRow(Base):
    __tablename__ = "comments_v2"

    id: Mapped[int] = mapped_column(primary_key=True)
    story: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[int]
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("comments_v2.id"))
    text: Mapped[str]
    hidden: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class CommentBoard:
    FLAG_LIMIT = 5

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions

    async def add(
        self, story: str, user_id: int, text: str, reply_to: int | None = None
    ) -> CommentRow:
        async with self.sessions.begin() as session:
            row = CommentRow(story=story, user_id=user_id, text=text, reply_to=reply_to)
            session.add(row)
        return row

    async def list(self, story: str, page: int = 0, size: int = 30) -> list[CommentRow]:
        query = (
            select(CommentRow)
            .where(CommentRow.story == story, CommentRow.hidden.is_(False))
            .order_by(CommentRow.at.desc())
            .offset(page * size)
            .limit(size)
        )
        async with self.sessions() as session:
            return list(await session.scalars(query))

    async def flag(self, comment_id: int) -> None:
        """Readers' flags; five hide the comment until a moderator unhides it."""
        async with self.sessions.begin() as session:
            row = await session.get(CommentRow, comment_id, with_for_update=True)
            row.flags += 1
            row.hidden = row.hidden or row.flags >= self.FLAG_LIMIT

    async def hide(self, comment_id: int) -> None:
        async with self.sessions.begin() as session:
            await session.execute(
                update(CommentRow)
                .where(CommentRow.id == comment_id)
                .values(hidden=True)
            )

    async def unhide(self, comment_id: int) -> None:
        async with self.sessions.begin() as session:
            await session.execute(
                update(CommentRow)
                .where(CommentRow.id == comment_id)
                .values(hidden=False, flags=0)
            )
