from chat.realtime.manager import manager


class UserConnections:
    def __init__(self, user_id: str) -> None:
        self.user_id = user_id

    async def send(self, message: dict) -> int:
        return await manager.send_to_user(self.user_id, message)

    async def connect(self, websocket) -> None:
        await manager.connect(self.user_id, websocket)

    def disconnect(self, websocket) -> None:
        manager.disconnect(self.user_id, websocket)

    def is_online(self) -> bool:
        return manager.is_online(self.user_id)
