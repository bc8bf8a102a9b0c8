"""What the vault is made of: a bucket, an index, a scanner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
from types_aiobotocore_s3 import S3Client

from atelier.intake.model import Infected, NoSuchUpload, StoredUpload


@dataclass(slots=True)
class Bucket:
    s3: S3Client
    name: str

    async def put(self, key: str, path: Path, media_type: str) -> None:
        with path.open("rb") as body:
            await self.s3.put_object(
                Bucket=self.name, Key=key, Body=body, ContentType=media_type
            )

    async def get(self, key: str) -> AsyncIterator[bytes]:
        answer = await self.s3.get_object(Bucket=self.name, Key=key)
        async for chunk in answer["Body"].iter_chunks(65536):
            yield chunk

    async def delete(self, key: str) -> None:
        await self.s3.delete_object(Bucket=self.name, Key=key)


@dataclass(slots=True)
class UploadIndex:
    pool: asyncpg.Pool

    async def add(self, upload: StoredUpload) -> None:
        row = asdict(upload)
        await self.pool.execute(
            "INSERT INTO upload (id, owner, name, media_type, size, sha256, received)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            row["id"],
            row["owner"],
            row["name"],
            row["media_type"],
            row["size"],
            row["sha256"],
            row["received"],
        )

    async def get(self, upload_id: UUID) -> StoredUpload:
        row = await self.pool.fetchrow("SELECT * FROM upload WHERE id = $1", upload_id)
        if row is None:
            raise NoSuchUpload(upload_id)
        return StoredUpload(**row)

    async def of(self, owner: UUID) -> list[StoredUpload]:
        rows = await self.pool.fetch(
            "SELECT * FROM upload WHERE owner = $1 ORDER BY received", owner
        )
        return [StoredUpload(**row) for row in rows]

    async def drop(self, upload_id: UUID) -> None:
        await self.pool.execute("DELETE FROM upload WHERE id = $1", upload_id)


@dataclass(slots=True)
class ClamScanner:
    host: str = "clamav"
    port: int = 3310

    async def check(self, path: Path) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(b"zINSTREAM\0")
        with path.open("rb") as file:
            while block := file.read(65536):
                writer.write(len(block).to_bytes(4, "big") + block)
                await writer.drain()
        writer.write(b"\0\0\0\0")
        verdict = (await reader.readuntil(b"\0")).decode()
        writer.close()
        if "FOUND" in verdict:
            raise Infected("the virus scanner does not like this file")
