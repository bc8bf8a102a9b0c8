from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

from atelier.intake.model import NoSuchUpload, StoredUpload


class MemoryKeeper:
    """A keeper for tests; forgets all at the end of the test."""

    def __init__(self) -> None:
        self.uploads: dict[UUID, tuple[StoredUpload, bytes]] = {}

    async def accept(
        self, owner: UUID, name: str, media_type: str, chunks: AsyncIterator[bytes]
    ) -> StoredUpload:
        body = b"".join([chunk async for chunk in chunks])
        upload = StoredUpload(
            owner, name, media_type, len(body), hashlib.sha256(body).hexdigest()
        )
        self.uploads[upload.id] = (upload, body)
        return upload

    async def open(self, upload_id: UUID) -> AsyncIterator[bytes]:
        if upload_id not in self.uploads:
            raise NoSuchUpload(upload_id)

        async def body() -> AsyncIterator[bytes]:
            yield self.uploads[upload_id][1]

        return body()

    async def remove(self, upload_id: UUID) -> None:
        self.uploads.pop(upload_id, None)

    async def list_for(self, owner: UUID) -> list[StoredUpload]:
        return [upload for upload, _ in self.uploads.values() if upload.owner == owner]


class CleanScanner:
    """A virus scanner that never finds anything."""

    async def check(self, path) -> None:
        return None
