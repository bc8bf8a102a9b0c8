import secrets
import time

from redis.asyncio import Redis


class MobileSessions:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    async def create(self, user: str, device: str) -> str:
        key = secrets.token_hex(16)
        await self.redis.hset(key, mapping={"user": user, "device": device})
        await self.redis.expire(key, 86400)
        return key

    async def load(self, key: str) -> dict:
        return await self.redis.hgetall(key)

    async def renew(self, key: str) -> None:
        await self.redis.expireat(key, time.time() + 86400)

    async def revoke(self, key: str) -> None:
        await self.redis.delete(key)
