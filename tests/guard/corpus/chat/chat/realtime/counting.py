from collections import Counter

from fastapi import WebSocket

from chat.realtime.manager import ConnectionManager


class CountingManager:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager
        self.counts: Counter[str] = Counter()

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await self.manager.connect(user_id, websocket)
        self.counts["connected"] += 1

    def disconnect(self, user_id: str, websocket: WebSocket) -> None:
        self.manager.disconnect(user_id, websocket)
        self.counts["connected"] -= 1

    async def send_to_user(self, user_id: str, message: dict) -> int:
        sent = await self.manager.send_to_user(user_id, message)
        self.counts["sent"] += sent
        return sent

    async def broadcast(self, message: dict) -> None:
        self.counts["broadcasts"] += 1
        await self.manager.broadcast(message)

    def is_online(self, user_id: str) -> bool:
        return self.manager.is_online(user_id)
