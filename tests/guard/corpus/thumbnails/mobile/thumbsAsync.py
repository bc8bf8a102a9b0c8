"""Thumbnails for the phone API (aiohttp). Same as imaging.thumbs but does not block."""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO

import aiofiles
from PIL import Image

from imaging.common import NoSuchPicture

DENSITIES = {"mdpi": 1, "hdpi": 1.5, "xhdpi": 2, "xxhdpi": 3}


def _shrink(data, edge):
    im = Image.open(BytesIO(data)).convert("RGB")
    im.thumbnail((edge, edge), Image.LANCZOS)
    out = BytesIO()
    im.save(out, "WEBP", quality=75)
    return out.getvalue()


class AsyncThumbs:
    def __init__(self, masterRoot, cacheDir, workers=2):
        self.masterRoot = masterRoot
        self.cacheDir = cacheDir
        self.pool = ProcessPoolExecutor(workers)
        self.making = {}

    async def getThumb(self, picId, density="xhdpi", base=160):
        path = os.path.join(self.cacheDir, "%s-%s-%d.webp" % (picId, density, base))
        if os.path.exists(path):
            async with aiofiles.open(path, "rb") as f:
                return await f.read()
        if path not in self.making:
            self.making[path] = asyncio.ensure_future(
                self._make(picId, path, int(base * DENSITIES[density]))
            )
        try:
            return await self.making[path]
        finally:
            self.making.pop(path, None)

    async def dropThumbs(self, picId):
        for name in os.listdir(self.cacheDir):
            if name.startswith("%s-" % picId):
                os.unlink(os.path.join(self.cacheDir, name))

    async def _make(self, picId, path, edge):
        src = os.path.join(self.masterRoot, "%03d" % (int(picId) % 1000), str(picId))
        if not os.path.exists(src):
            raise NoSuchPicture(picId)
        async with aiofiles.open(src, "rb") as f:
            data = await f.read()
        small = await asyncio.get_event_loop().run_in_executor(
            self.pool, _shrink, data, edge
        )
        async with aiofiles.open(path, "wb") as f:
            await f.write(small)
        return small
