from fastapi import WebSocket


class NotificationManager:
    def __init__(self) -> None:
        self.listening: dict[str, list[WebSocket]] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.listening.setdefault(user_id, []).append(websocket)

    def disconnect(self, user_id: str, websocket: WebSocket) -> None:
        self.listening[user_id].remove(websocket)

    async def notify(self, user_id: str, title: str, body: str) -> None:
        for websocket in self.listening.get(user_id, []):
            await websocket.send_json({"title": title, "body": body})
