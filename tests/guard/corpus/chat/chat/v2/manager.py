from fastapi import WebSocket


class ConnectionManagerV2:
    def __init__(self, redis) -> None:
        self._redis = redis
        self._local: dict[str, WebSocket] = {}

    async def attach(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self._local[user_id] = websocket
        await self._redis.sadd("online", user_id)

    async def detach(self, user_id: str) -> None:
        self._local.pop(user_id, None)
        await self._redis.srem("online", user_id)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        if user_id in self._local:
            await self._local[user_id].send_json(message)
        else:
            await self._redis.publish(user_id, message)

    async def is_online(self, user_id: str) -> bool:
        return await self._redis.sismember("online", user_id)
