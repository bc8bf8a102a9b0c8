import json

from redis.asyncio import Redis


class RedisPubSub:
    def __init__(self, url: str) -> None:
        self.url = url
        self.channels: dict[str, list] = {}

    async def connect(self) -> None:
        self.redis = Redis.from_url(self.url)

    async def disconnect(self) -> None:
        await self.redis.aclose()

    async def publish(self, channel: str, message: dict) -> None:
        await self.redis.publish(channel, json.dumps(message))

    async def broadcast(self, message: dict) -> None:
        for channel in self.channels:
            await self.publish(channel, message)
