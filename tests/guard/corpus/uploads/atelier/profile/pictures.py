from __future__ import annotations

import asyncio
import io
from pathlib import Path
from uuid import UUID

import aiofiles
import aiofiles.os
from fastapi import HTTPException, UploadFile
from PIL import Image, UnidentifiedImageError


class ProfilePictures:
    """Receives the pictures that users upload of themselves, and stores them on the NFS share."""

    sizes = (64, 256, 1024)

    def __init__(
        self, share: Path = Path("/mnt/pictures"), limit: int = 8_000_000
    ) -> None:
        self.share = share
        self.limit = limit

    async def receive(self, user_id: UUID, file: UploadFile) -> str:
        if file.content_type not in ("image/png", "image/jpeg", "image/webp"):
            raise HTTPException(415, "please upload a PNG, JPEG or WebP picture")
        data = await file.read()
        if len(data) > self.limit:
            raise HTTPException(413, "this picture is too large")
        try:
            image = Image.open(io.BytesIO(data)).convert("RGB")
        except UnidentifiedImageError:
            raise HTTPException(422, "this is no picture") from None
        folder = self.share / user_id.hex[:2] / user_id.hex
        await aiofiles.os.makedirs(folder, exist_ok=True)
        async with aiofiles.open(folder / "original", "wb") as out:
            await out.write(data)
        for size in self.sizes:
            scaled = await asyncio.to_thread(self._scale, image, size)
            async with aiofiles.open(folder / f"{size}.jpg", "wb") as out:
                await out.write(scaled)
        return f"/pictures/{user_id.hex[:2]}/{user_id.hex}/256.jpg"

    async def read(self, user_id: UUID, size: int = 256) -> bytes:
        path = self.share / user_id.hex[:2] / user_id.hex / f"{size}.jpg"
        async with aiofiles.open(path, "rb") as file:
            return await file.read()

    async def forget(self, user_id: UUID) -> None:
        folder = self.share / user_id.hex[:2] / user_id.hex
        for name in await aiofiles.os.listdir(folder):
            await aiofiles.os.remove(folder / name)

    @staticmethod
    def _scale(image: Image.Image, size: int) -> bytes:
        copy = image.copy()
        copy.thumbnail((size, size))
        out = io.BytesIO()
        copy.save(out, "JPEG", quality=85)
        return out.getvalue()
