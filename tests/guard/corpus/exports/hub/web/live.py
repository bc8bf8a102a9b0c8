"""The live dashboard (aiohttp). Its tables change while one looks at them."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiofiles
from aiohttp import web


class LiveTableDownloader:
    """Writes the rows of a live table to a file as they come, for the user to download."""

    def __init__(self, directory: Path, prefix: str = "/live/files") -> None:
        self.directory = directory
        self.prefix = prefix
        self._lock = asyncio.Semaphore(4)

    async def save(
        self, title: str, fmt: str, rows: AsyncIterator[dict[str, Any]]
    ) -> str:
        if fmt not in ("csv", "ndjson"):
            raise web.HTTPBadRequest(text=f"cannot write {fmt}")
        name = f"{title}-{secrets.token_hex(4)}.{fmt}"
        header: list[str] | None = None
        async with self._lock, aiofiles.open(self.directory / name, "w") as file:
            async for row in rows:
                if fmt == "ndjson":
                    await file.write(json.dumps(row) + "\n")
                    continue
                if header is None:
                    header = list(row)
                    await file.write(";".join(header) + "\r\n")
                await file.write(";".join(str(row.get(c, "")) for c in header) + "\r\n")
        return f"{self.prefix}/{name}"

    async def purge(self, age: float = 86400) -> None:
        for path in self.directory.iterdir():
            if path.stat().st_mtime < time.time() - age:
                path.unlink()


async def download(request: web.Request) -> web.Response:
    table = request.app["tables"][request.match_info["table"]]
    saver: LiveTableDownloader = request.app["downloader"]
    url = await saver.save(table.name, request.query.get("as", "csv"), table.snapshot())
    raise web.HTTPSeeOther(url)
