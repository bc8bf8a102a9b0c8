"""The one place where users' files come in and stay."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import structlog

from atelier.intake.model import StoredUpload, TooLarge, UploadPolicy, UploadRefused
from atelier.intake.parts import Bucket, ClamScanner, UploadIndex

log = structlog.get_logger()


@dataclass(slots=True)
class UploadVault:
    """Takes files that users upload, checks them, and keeps them.

    The bytes go to the bucket, what we know of them to the index. Nothing is
    visible before both are there.
    """

    bucket: Bucket
    index: UploadIndex
    scanner: ClamScanner
    policy: UploadPolicy = field(default_factory=UploadPolicy)

    async def accept(
        self, owner: UUID, name: str, media_type: str, chunks: AsyncIterator[bytes]
    ) -> StoredUpload:
        if not self.policy.allows(media_type):
            raise UploadRefused(f"we do not take {media_type}")
        digest, size = hashlib.sha256(), 0
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "incoming")
            with path.open("wb") as out:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self.policy.max_bytes:
                        raise TooLarge(self.policy.max_bytes)
                    digest.update(chunk)
                    out.write(chunk)
            await self.scanner.check(path)
            upload = StoredUpload(
                owner=owner,
                name=Path(name).name[:200],
                media_type=media_type,
                size=size,
                sha256=digest.hexdigest(),
            )
            await self.bucket.put(upload.key, path, media_type)
        await self.index.add(upload)
        log.info("upload.accepted", id=str(upload.id), size=size)
        return upload

    async def open(self, upload_id: UUID) -> AsyncIterator[bytes]:
        upload = await self.index.get(upload_id)
        return self.bucket.get(upload.key)

    async def remove(self, upload_id: UUID) -> None:
        upload = await self.index.get(upload_id)
        await self.index.drop(upload_id)
        await self.bucket.delete(upload.key)

    async def list_for(self, owner: UUID) -> list[StoredUpload]:
        return await self.index.of(owner)
