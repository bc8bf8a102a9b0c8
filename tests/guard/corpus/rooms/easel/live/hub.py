"""The live rooms of this process."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from easel.live.model import Member, RoomFull, RoomInfo
from easel.live.outbox import Outbox
from easel.live.ports import Socket

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Seat:
    member: Member
    outbox: Outbox


class RoomHub:
    """Keeps who is connected to which room and sends to them.

    A user may be in a room several times, once for each device. Joining again
    from the same device replaces the older connection (close code 4001).
    """

    def __init__(self, limit: int = 200, backlog: int = 256) -> None:
        self._limit = limit
        self._backlog = backlog
        self._rooms: dict[str, dict[str, _Seat]] = defaultdict(dict)

    async def join(self, room: str, member: Member, socket: Socket) -> None:
        seats = self._rooms[room]
        old = seats.pop(member.key, None)
        if old is not None:
            await old.outbox.close(4001)
        if len(seats) >= self._limit:
            raise RoomFull(room, self._limit)
        seats[member.key] = _Seat(member, Outbox(socket, self._backlog))
        await self.broadcast(
            room, {"type": "joined", "user": member.user_id}, but=member.user_id
        )
        log.info("%s joined %s (%d)", member.key, room, len(seats))

    async def leave(self, room: str, member: Member) -> None:
        seat = self._rooms[room].pop(member.key, None)
        if seat is None:
            return
        await seat.outbox.close()
        if not self._rooms[room]:
            del self._rooms[room]
            return
        await self.broadcast(room, {"type": "left", "user": member.user_id})

    async def broadcast(
        self, room: str, message: Mapping[str, Any], *, but: str | None = None
    ) -> int:
        text = json.dumps(message, separators=(",", ":"))
        reached = 0
        for seat in self._rooms.get(room, {}).values():
            if seat.member.user_id != but:
                seat.outbox.put(text)
                reached += 1
        return reached

    async def send_to(
        self, room: str, user_id: str, message: Mapping[str, Any]
    ) -> bool:
        text = json.dumps(message, separators=(",", ":"))
        seats = [
            s for s in self._rooms.get(room, {}).values() if s.member.user_id == user_id
        ]
        for seat in seats:
            seat.outbox.put(text)
        return bool(seats)

    def info(self, room: str) -> RoomInfo:
        return RoomInfo(
            room, tuple(s.member for s in self._rooms.get(room, {}).values())
        )

    def rooms_of(self, user_id: str) -> list[str]:
        return [
            r
            for r, seats in self._rooms.items()
            if any(s.member.user_id == user_id for s in seats.values())
        ]

    async def close(self) -> None:
        for seats in self._rooms.values():
            for seat in seats.values():
                await seat.outbox.close(1012)
        self._rooms.clear()
