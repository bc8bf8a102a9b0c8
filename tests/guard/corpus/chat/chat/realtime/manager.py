from collections import defaultdict

from fastapi import WebSocket, WebSocketDisconnect


class ConnectionManager:
    """Who is connected, and by which sockets."""

    def __init__(self) -> None:
        self.active: dict[str, set[WebSocket]] = defaultdict(set)

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.active[user_id].add(websocket)

    def disconnect(self, user_id: str, websocket: WebSocket) -> None:
        self.active[user_id].discard(websocket)
        if not self.active[user_id]:
            del self.active[user_id]

    async def send_to_user(self, user_id: str, message: dict) -> int:
        sent = 0
        for websocket in list(self.active.get(user_id, ())):
            try:
                await websocket.send_json(message)
                sent += 1
            except WebSocketDisconnect:
                self.disconnect(user_id, websocket)
        return sent

    async def broadcast(self, message: dict) -> None:
        for user_id in list(self.active):
            await self.send_to_user(user_id, message)

    def is_online(self, user_id: str) -> bool:
        return user_id in self.active


manager = ConnectionManager()
