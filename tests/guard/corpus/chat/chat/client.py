import json

import websockets


class ChatClient:
    def __init__(self, url: str) -> None:
        self.url = url
        self.inbox: list[dict] = []

    async def connect(self) -> None:
        self.socket = await websockets.connect(self.url)

    async def disconnect(self) -> None:
        await self.socket.close()

    async def send(self, message: dict) -> None:
        await self.socket.send(json.dumps(message))

    async def receive(self) -> dict:
        self.inbox.append(json.loads(await self.socket.recv()))
        return self.inbox[-1]
