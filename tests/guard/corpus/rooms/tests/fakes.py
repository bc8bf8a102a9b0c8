from __future__ import annotations

from dataclasses import dataclass, field

from easel.live import Member, RoomInfo


@dataclass
class RecordingRooms:
    """Rooms that send nothing and remember everything."""

    sent: list[tuple] = field(default_factory=list)
    inside: dict[str, list[Member]] = field(default_factory=dict)

    async def join(self, room, member, socket):
        self.inside.setdefault(room, []).append(member)

    async def leave(self, room, member):
        self.inside[room].remove(member)

    async def broadcast(self, room, message, *, but=None):
        self.sent.append((room, None, message))
        return len(self.inside.get(room, []))

    async def send_to(self, room, user_id, message):
        self.sent.append((room, user_id, message))
        return True

    def info(self, room):
        return RoomInfo(room, tuple(self.inside.get(room, [])))


@dataclass
class ListSocket:
    texts: list[str] = field(default_factory=list)
    closed: int | None = None

    async def send_text(self, data: str) -> None:
        self.texts.append(data)

    async def close(self, code: int = 1000) -> None:
        self.closed = code
