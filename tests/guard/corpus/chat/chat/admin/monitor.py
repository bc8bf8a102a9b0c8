from fastapi import WebSocket, WebSocketDisconnect


class LiveMonitor:
    """The live page of the administrators."""

    def __init__(self) -> None:
        self.watchers: set[WebSocket] = set()

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.watchers.add(websocket)

    def disconnect(self, websocket: WebSocket) -> None:
        self.watchers.discard(websocket)

    async def broadcast(self, message: dict) -> None:
        for websocket in list(self.watchers):
            try:
                await websocket.send_json(message)
            except WebSocketDisconnect:
                self.disconnect(websocket)
