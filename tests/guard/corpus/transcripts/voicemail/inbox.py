from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiosqlite


@dataclass(frozen=True)
class Voicemail:
    id: int
    caller: str
    audio: bytes


class VoicemailInbox:
    def __init__(self, db: aiosqlite.Connection) -> None:
        self._db = db

    async def unheard(self) -> AsyncIterator[Voicemail]:
        async with self._db.execute(
            "SELECT id, caller, audio FROM voicemail WHERE heard = 0"
        ) as cursor:
            async for row in cursor:
                yield Voicemail(*row)

    async def mark_heard(self, mail: Voicemail) -> None:
        await self._db.execute(
            "UPDATE voicemail SET heard = 1 WHERE id = ?", (mail.id,)
        )
        await self._db.commit()
