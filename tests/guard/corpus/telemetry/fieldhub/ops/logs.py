from __future__ import annotations

import asyncio
import tarfile
from dataclasses import dataclass
from pathlib import Path


@dataclass
class LogCollector:
    """Fetches the log files of all edge boxes for a support ticket."""

    hosts: list[str]
    target: Path

    async def collect(self, ticket: str) -> Path:
        folder = self.target / ticket
        folder.mkdir(parents=True, exist_ok=True)
        await asyncio.gather(*(self._fetch(host, folder) for host in self.hosts))
        bundle = self.target / f"{ticket}.tar.gz"
        with tarfile.open(bundle, "w:gz") as tar:
            tar.add(folder, arcname=ticket)
        return bundle

    async def _fetch(self, host: str, folder: Path) -> None:
        process = await asyncio.create_subprocess_exec(
            "scp",
            "-q",
            f"hub@{host}:/var/log/fieldhub.log",
            str(folder / f"{host}.log"),
        )
        await process.wait()
