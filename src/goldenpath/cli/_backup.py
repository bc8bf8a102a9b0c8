"""``goldenpath backup``: a copy of the database, while it is in use or not."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from goldenpath.cli._parameters import DEFAULT_DATA, Data, existing_database
from goldenpath.storage._sqlite import Database


def backup(file: Path, *, data: Data = DEFAULT_DATA) -> None:
    """Copy the database to a new file; a running server goes on undisturbed.

    Args:
        file: Where to; it must not exist.
        data: Folder of the database.
    """
    path = existing_database(data)

    async def run() -> None:
        async with Database(path) as database:
            await database.back_up(file)

    asyncio.run(run())
    print(f"{file} holds {file.stat().st_size:,} bytes", file=sys.stderr)
