from starlette.websockets import WebSocket


class SocketHub:
    sockets: dict[str, WebSocket] = {}

    async def register(self, user_id, websocket):
        await websocket.accept()
        self.sockets[user_id] = websocket

    def unregister(self, user_id):
        self.sockets.pop(user_id, None)

    async def send_to_user(self, user_id, message):
        await self.sockets[user_id].send_json(message)

    async def broadcast(self, message):
        for websocket in self.sockets.values():
            await websocket.send_json(message)


hub = SocketHub()
