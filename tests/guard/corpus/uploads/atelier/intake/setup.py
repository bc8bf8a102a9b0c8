from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aioboto3
import aiohttp
import asyncpg

from atelier.intake.more import DriveKeeper, EncryptedVault, QuotaKeeper
from atelier.intake.parts import Bucket, ClamScanner, UploadIndex
from atelier.intake.ports import FileKeeper
from atelier.intake.vault import UploadVault


@dataclass(slots=True)
class IntakeSettings:
    bucket: str
    dsn: str
    endpoint: str | None = None
    exam_secret: bytes = b""
    drive_folders: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class KeeperProvider:
    """Builds the keepers at start-up and closes what they hold at the end."""

    settings: IntakeSettings
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def vault(self) -> UploadVault:
        bucket, index = await self._parts()
        return UploadVault(bucket, index, ClamScanner())

    async def exam_vault(self) -> EncryptedVault:
        bucket, index = await self._parts()
        return EncryptedVault(
            bucket, index, ClamScanner(), secret=self.settings.exam_secret
        )

    async def for_school(self, school: str) -> FileKeeper:
        if folder := self.settings.drive_folders.get(school):
            session = await self.stack.enter_async_context(aiohttp.ClientSession())
            return DriveKeeper(session, folder)
        return QuotaKeeper(await self.vault())

    async def _parts(self) -> tuple[Bucket, UploadIndex]:
        client = aioboto3.Session().client("s3", endpoint_url=self.settings.endpoint)
        s3 = await self.stack.enter_async_context(client)
        pool = await self.stack.enter_async_context(
            asyncpg.create_pool(self.settings.dsn)
        )
        return Bucket(s3, self.settings.bucket), UploadIndex(pool)

    async def aclose(self) -> None:
        await self.stack.aclose()
