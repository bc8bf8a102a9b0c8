from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass(frozen=True, slots=True)
class Member:
    user_id: str
    name: str
    device: str = "web"
    joined: datetime = field(
        default_factory=lambda: datetime.now(timezone.utc), compare=False
    )

    @property
    def key(self) -> str:
        return f"{self.user_id}/{self.device}"


@dataclass(frozen=True, slots=True)
class RoomInfo:
    room: str
    members: tuple[Member, ...]

    @property
    def user_ids(self) -> frozenset[str]:
        return frozenset(m.user_id for m in self.members)


class RoomFull(Exception):
    def __init__(self, room: str, limit: int) -> None:
        super().__init__(f"room {room!r} already holds {limit}")
        self.room = room
        self.limit = limit
