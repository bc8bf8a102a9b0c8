from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from easel.live.model import Member, RoomInfo


class Socket(Protocol):
    """The little of a WebSocket we need; starlette's fits."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000) -> None: ...


class Rooms(Protocol):
    """Who is in which live room, and a way to speak to them."""

    async def join(self, room: str, member: Member, socket: Socket) -> None: ...

    async def leave(self, room: str, member: Member) -> None: ...

    async def broadcast(
        self, room: str, message: Mapping[str, Any], *, but: str | None = None
    ) -> int: ...

    async def send_to(
        self, room: str, user_id: str, message: Mapping[str, Any]
    ) -> bool: ...

    def info(self, room: str) -> RoomInfo: ...
