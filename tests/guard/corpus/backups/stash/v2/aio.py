"""Backups 2.0 (asyncio). Prototype of the summer of 2021, in production on the media hosts."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import aioboto3
import aiofiles


class AsyncBackups:
    def __init__(self, bucket: str, parallel: int = 16) -> None:
        self.bucket = bucket
        self.session = aioboto3.Session()
        self.limit = asyncio.Semaphore(parallel)

    async def create(self, source: Path) -> str:
        snapshot_id = f"{source.name}-{int(time.time())}"
        names = [p for p in source.rglob("*") if p.is_file()]
        async with self.session.client("s3") as s3:
            await asyncio.gather(
                *(self._upload(s3, snapshot_id, source, p) for p in names)
            )
            index = json.dumps([str(p.relative_to(source)) for p in names])
            await s3.put_object(
                Bucket=self.bucket, Key=f"{snapshot_id}/index.json", Body=index.encode()
            )
        return snapshot_id

    async def restore(self, snapshot_id: str, target: Path) -> int:
        async with self.session.client("s3") as s3:
            answer = await s3.get_object(
                Bucket=self.bucket, Key=f"{snapshot_id}/index.json"
            )
            names = json.loads(await answer["Body"].read())
            for name in names:
                found = await s3.get_object(
                    Bucket=self.bucket, Key=f"{snapshot_id}/files/{name}"
                )
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                async with aiofiles.open(path, "wb") as f:
                    await f.write(await found["Body"].read())
        return len(names)

    async def prune(self, older_than: float) -> None:
        async with self.session.resource("s3") as s3:
            bucket = await s3.Bucket(self.bucket)
            async for item in bucket.objects.all():
                if (await item.last_modified).timestamp() < older_than:
                    await item.delete()

    async def _upload(self, s3, snapshot_id: str, source: Path, path: Path) -> None:
        async with self.limit, aiofiles.open(path, "rb") as f:
            key = f"{snapshot_id}/files/{path.relative_to(source)}"
            await s3.put_object(Bucket=self.bucket, Key=key, Body=await f.read())


def run(source: str) -> None:
    print(asyncio.run(AsyncBackups("media-backups").create(Path(source))))
