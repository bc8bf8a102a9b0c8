from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter, Gauge

from easel.live.model import Member, RoomInfo
from easel.live.ports import Rooms, Socket

JOINED = Gauge("easel_live_members", "Members in live rooms")
SENT = Counter("easel_live_messages", "Messages sent", ["how"])


@dataclass(slots=True)
class MeteredRooms:
    """Counts for Prometheus what passes through the rooms it wraps."""

    inner: Rooms

    async def join(self, room: str, member: Member, socket: Socket) -> None:
        await self.inner.join(room, member, socket)
        JOINED.inc()

    async def leave(self, room: str, member: Member) -> None:
        await self.inner.leave(room, member)
        JOINED.dec()

    async def broadcast(
        self, room: str, message: Mapping[str, Any], *, but: str | None = None
    ) -> int:
        reached = await self.inner.broadcast(room, message, but=but)
        SENT.labels("broadcast").inc(reached)
        return reached

    async def send_to(
        self, room: str, user_id: str, message: Mapping[str, Any]
    ) -> bool:
        ok = await self.inner.send_to(room, user_id, message)
        SENT.labels("direct").inc(ok)
        return ok

    def info(self, room: str) -> RoomInfo:
        return self.inner.info(room)
