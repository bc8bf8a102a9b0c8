"""Jobs that the deployment runs: our own files, out to where they belong."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aioboto3


@dataclass(slots=True)
class AssetUploader:
    """Pushes the built front end to the CDN's bucket, under names with a hash."""

    bucket: str
    build: Path = Path("frontend/dist")

    async def upload(self) -> dict[str, str]:
        names: dict[str, str] = {}
        async with aioboto3.Session().client("s3") as s3:
            for path in sorted(self.build.rglob("*.*")):
                data = path.read_bytes()
                name = (
                    f"{path.stem}.{hashlib.sha256(data).hexdigest()[:10]}{path.suffix}"
                )
                await s3.put_object(Bucket=self.bucket, Key=name, Body=data)
                names[str(path.relative_to(self.build))] = name
        return names


@dataclass(slots=True)
class BackupVault:
    """Keeps the nightly dumps of the database, thirty of them."""

    dsn: str
    folder: Path
    keep: int = 30

    async def store(self, day: str) -> Path:
        target = self.folder / f"{day}.dump"
        process = await asyncio.create_subprocess_exec(
            "pg_dump", "-Fc", "-f", str(target), self.dsn
        )
        if await process.wait():
            raise RuntimeError("pg_dump failed")
        for old in sorted(self.folder.glob("*.dump"))[: -self.keep]:
            old.unlink()
        return target

    def list(self) -> list[Path]:
        return sorted(self.folder.glob("*.dump"))


@dataclass(slots=True)
class UploadStatistics:
    """Counts uploads for Grafana."""

    counts: Counter[str] = field(default_factory=Counter)
    bytes: int = 0

    def saw(self, media_type: str, size: int) -> None:
        self.counts[media_type] += 1
        self.bytes += size

    def lines(self) -> list[str]:
        yield_lines = [
            f'uploads_total{{type="{t}"}} {n}' for t, n in self.counts.items()
        ]
        return [*yield_lines, f"uploads_bytes_total {self.bytes}"]
