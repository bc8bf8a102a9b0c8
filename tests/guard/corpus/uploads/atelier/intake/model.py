from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file that we have, with all that we know of it."""

    owner: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    id: UUID = field(default_factory=uuid4)
    received: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def key(self) -> str:
        return f"{self.owner}/{self.id}"


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    max_bytes: int = 64 * 1024 * 1024
    media_types: frozenset[str] = frozenset(
        {"application/pdf", "image/png", "image/jpeg", "text/plain", "application/zip"}
    )

    def allows(self, media_type: str) -> bool:
        return media_type in self.media_types


class UploadRefused(Exception):
    """We did not take the file; the message is for the user."""


class TooLarge(UploadRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(f"files may have up to {limit // 2**20} MiB")
        self.limit = limit


class Infected(UploadRefused):
    pass


class NoSuchUpload(LookupError):
    pass
