"""Other keepers, and wrappers around keepers."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID, uuid5

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.datastructures import UploadFile

from atelier.intake.model import StoredUpload, TooLarge, UploadRefused
from atelier.intake.ports import FileKeeper
from atelier.intake.vault import UploadVault

DRIVE = "https://www.googleapis.com"
NAMESPACE = UUID("8d7f7a2e-0f0c-4d2b-9f53-0b6c4c5f4f11")


@dataclass(slots=True)
class EncryptedVault(UploadVault):
    """For exams: the bucket only ever sees cipher text."""

    secret: bytes = b""

    async def accept(
        self, owner: UUID, name: str, media_type: str, chunks: AsyncIterator[bytes]
    ) -> StoredUpload:
        nonce = os.urandom(16)
        encryptor = Cipher(algorithms.AES(self.secret), modes.CTR(nonce)).encryptor()

        async def sealed() -> AsyncIterator[bytes]:
            yield nonce
            async for chunk in chunks:
                yield encryptor.update(chunk)

        return await UploadVault.accept(self, owner, name, media_type, sealed())


@dataclass(slots=True)
class DriveKeeper(FileKeeper):
    """For schools whose contract says that pupils' files stay in the school's Google Drive."""

    session: aiohttp.ClientSession
    folder: str

    async def accept(
        self, owner: UUID, name: str, media_type: str, chunks: AsyncIterator[bytes]
    ) -> StoredUpload:
        body = b"".join([chunk async for chunk in chunks])
        async with self.session.post(
            f"{DRIVE}/upload/drive/v3/files",
            params={"uploadType": "media"},
            data=body,
            headers={"Content-Type": media_type, "X-Folder": self.folder},
        ) as answer:
            answer.raise_for_status()
            drive_id = (await answer.json())["id"]
        return StoredUpload(
            id=uuid5(NAMESPACE, drive_id),
            owner=owner,
            name=name,
            media_type=media_type,
            size=len(body),
            sha256=sha256(body).hexdigest(),
        )

    async def open(self, upload_id: UUID) -> AsyncIterator[bytes]:
        answer = await self.session.get(
            f"{DRIVE}/drive/v3/files/{upload_id}", params={"alt": "media"}
        )
        return answer.content.iter_chunked(65536)

    async def remove(self, upload_id: UUID) -> None:
        await self.session.delete(f"{DRIVE}/drive/v3/files/{upload_id}")

    async def list_for(self, owner: UUID) -> list[StoredUpload]:
        query = f"'{self.folder}' in parents and properties has {{key='owner' value='{owner}'}}"
        async with self.session.get(
            f"{DRIVE}/drive/v3/files", params={"q": query}
        ) as answer:
            return [StoredUpload(**file) for file in (await answer.json())["files"]]


@dataclass(slots=True)
class QuotaKeeper:
    """Refuses what would be over the owner's quota; the rest is up to the inner keeper."""

    inner: FileKeeper
    bytes_per_owner: int = 2 * 2**30

    async def accept(
        self, owner: UUID, name: str, media_type: str, chunks: AsyncIterator[bytes]
    ) -> StoredUpload:
        used = sum(upload.size for upload in await self.inner.list_for(owner))
        if used >= self.bytes_per_owner:
            raise TooLarge(self.bytes_per_owner)
        return await self.inner.accept(owner, name, media_type, chunks)

    async def open(self, upload_id: UUID) -> AsyncIterator[bytes]:
        return await self.inner.open(upload_id)

    async def remove(self, upload_id: UUID) -> None:
        await self.inner.remove(upload_id)

    async def list_for(self, owner: UUID) -> list[StoredUpload]:
        return await self.inner.list_for(owner)


@dataclass(slots=True)
class FormUploads:
    """Lets route handlers pass Starlette's UploadFile to a vault."""

    vault: FileKeeper

    async def save(self, user_id: UUID, file: UploadFile) -> StoredUpload:
        if not file.filename:
            raise UploadRefused("the file has no name")

        async def chunks() -> AsyncIterator[bytes]:
            while block := await file.read(65536):
                yield block

        upload = await self.vault.accept(
            user_id,
            file.filename,
            file.content_type or "application/octet-stream",
            chunks(),
        )
        return replace(upload, name=file.filename)

    async def save_all(
        self, user_id: UUID, files: list[UploadFile]
    ) -> list[StoredUpload]:
        return [await self.save(user_id, file) for file in files]
