from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from easel.live.hub import RoomHub
from easel.live.model import Member
from easel.live.ports import Socket


class ReplayRoomHub(RoomHub):
    """A RoomHub that tells newcomers the last messages of the room."""

    def __init__(self, limit: int = 200, backlog: int = 256, keep: int = 50) -> None:
        super().__init__(limit, backlog)
        self._past: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=keep))

    async def join(self, room: str, member: Member, socket: Socket) -> None:
        await super().join(room, member, socket)
        for text in self._past[room]:
            await socket.send_text(text)

    async def broadcast(
        self, room: str, message: Mapping[str, Any], *, but: str | None = None
    ) -> int:
        if message.get("type") not in {"joined", "left", "cursor"}:
            self._past[room].append(json.dumps(message))
        return await super().broadcast(room, message, but=but)
