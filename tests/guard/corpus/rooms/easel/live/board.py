from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from easel.live.hub import RoomHub


@dataclass(frozen=True, slots=True)
class BoardChannel:
    """The room of one board, for code that draws and knows nothing of rooms."""

    hub: RoomHub
    board_id: int

    @property
    def _room(self) -> str:
        return f"board:{self.board_id}"

    async def stroke(
        self, author: str, points: list[tuple[float, float]], colour: str
    ) -> None:
        await self.hub.broadcast(
            self._room,
            {"type": "stroke", "points": points, "colour": colour},
            but=author,
        )

    async def cursor(self, author: str, x: float, y: float) -> None:
        await self.hub.broadcast(
            self._room, {"type": "cursor", "user": author, "at": [x, y]}, but=author
        )

    async def tell(self, user_id: str, **message: Any) -> bool:
        return await self.hub.send_to(self._room, user_id, message)

    def watchers(self) -> int:
        return len(self.hub.info(self._room).user_ids)
