from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID

from atelier.intake.model import StoredUpload


class FileKeeper(Protocol):
    """Whoever takes a user's file, and gives it back when asked."""

    async def accept(
        self, owner: UUID, name: str, media_type: str, chunks: AsyncIterator[bytes]
    ) -> StoredUpload: ...

    async def open(self, upload_id: UUID) -> AsyncIterator[bytes]: ...

    async def remove(self, upload_id: UUID) -> None: ...

    async def list_for(self, owner: UUID) -> list[StoredUpload]: ...
