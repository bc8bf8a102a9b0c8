"""Attachments to forum posts and messages."""

from __future__ import annotations

from uuid import UUID, uuid4

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Response, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession

from atelier.api.deps import current_user, session

metadata = sa.MetaData()
attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("author", sa.Uuid, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("mime", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


class AttachmentRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def store(self, author: UUID, file: UploadFile) -> UUID:
        new_id = uuid4()
        body = await file.read()
        await self.session.execute(
            attachment.insert().values(
                id=new_id,
                author=author,
                filename=file.filename,
                mime=file.content_type,
                body=body,
            )
        )
        await self.session.commit()
        return new_id

    async def load(self, attachment_id: UUID) -> sa.Row | None:
        query = attachment.select().where(attachment.c.id == attachment_id)
        return (await self.session.execute(query)).first()

    async def by_author(self, author: UUID) -> list[sa.Row]:
        query = sa.select(attachment.c.id, attachment.c.filename).where(
            attachment.c.author == author
        )
        return list(await self.session.execute(query))

    async def delete(self, attachment_id: UUID) -> None:
        await self.session.execute(
            attachment.delete().where(attachment.c.id == attachment_id)
        )
        await self.session.commit()


router = APIRouter(prefix="/v1/attachments")


@router.post("")
async def attach(file: UploadFile, user=Depends(current_user), db=Depends(session)):
    return {"id": await AttachmentRepository(db).store(user.id, file)}


@router.get("/{attachment_id}")
async def get_attachment(attachment_id: UUID, db=Depends(session)):
    row = await AttachmentRepository(db).load(attachment_id)
    return Response(row.body, media_type=row.mime) if row else Response(status_code=404)
