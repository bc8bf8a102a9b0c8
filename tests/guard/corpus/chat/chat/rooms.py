from chat.realtime.manager import ConnectionManager


class RoomManager:
    def __init__(self, connections: ConnectionManager) -> None:
        self.connections = connections
        self.members: dict[str, set[str]] = {}

    def join(self, room: str, user_id: str) -> None:
        self.members.setdefault(room, set()).add(user_id)

    def leave(self, room: str, user_id: str) -> None:
        self.members[room].discard(user_id)

    async def broadcast(self, room: str, message: dict) -> None:
        for user_id in self.members.get(room, ()):
            await self.connections.send_to_user(user_id, {"room": room, **message})

    def is_online(self, room: str) -> bool:
        return any(self.connections.is_online(u) for u in self.members.get(room, ()))
