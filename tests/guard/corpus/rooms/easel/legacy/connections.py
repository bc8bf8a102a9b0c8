from typing import Dict, List

from fastapi import WebSocket


class ConnectionManager:
    def __init__(self):
        self.active_connections: Dict[str, List[WebSocket]] = {}

    async def connect(self, websocket: WebSocket, board_id: str):
        await websocket.accept()
        self.active_connections.setdefault(board_id, []).append(websocket)

    def disconnect(self, websocket: WebSocket, board_id: str):
        self.active_connections[board_id].remove(websocket)
        if not self.active_connections[board_id]:
            del self.active_connections[board_id]

    async def send_personal_message(self, message: str, websocket: WebSocket):
        await websocket.send_text(message)

    async def broadcast(self, board_id: str, message: str):
        for connection in list(self.active_connections.get(board_id, [])):
            try:
                await connection.send_text(message)
            except RuntimeError:
                self.disconnect(connection, board_id)
