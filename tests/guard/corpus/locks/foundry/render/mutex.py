# render team: coord.locks was not in the GPU image when we needed this (FND-2210)
import asyncio
import os
import socket
import uuid
from contextlib import asynccontextmanager

import aioredis


class RenderMutex:
    """One shot of a film is rendered by one node at a time."""

    def __init__(self, url=None, expire=120):
        self.url = url or os.environ["RENDER_REDIS"]
        self.expire = expire
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.redis = None

    async def connect(self):
        self.redis = await aioredis.create_redis_pool(self.url, encoding="utf-8")

    async def lock(self, shot, timeout=60):
        for _ in range(timeout * 2):
            if await self.redis.set(
                f"shot:{shot}", self.owner, expire=self.expire, exist="SET_IF_NOT_EXIST"
            ):
                return True
            await asyncio.sleep(0.5)
        return False

    async def touch(self, shot):
        if await self.redis.get(f"shot:{shot}") == self.owner:
            await self.redis.expire(f"shot:{shot}", self.expire)

    async def unlock(self, shot):
        if await self.redis.get(f"shot:{shot}") == self.owner:
            await self.redis.delete(f"shot:{shot}")

    @asynccontextmanager
    async def locked(self, shot):
        if not await self.lock(shot):
            raise asyncio.TimeoutError(shot)
        try:
            yield
        finally:
            await self.unlock(shot)
