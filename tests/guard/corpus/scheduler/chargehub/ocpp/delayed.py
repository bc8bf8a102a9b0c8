from __future__ import annotations

import asyncio
import json
import time
import uuid

from redis.asyncio import Redis

from .handlers import HANDLERS


class DelayedCommands:
    """Reset, UnlockConnector, TriggerMessage... at a given time.

    A sorted set in Redis with the due time as score, drained once a second
    by whichever gateway gets there first.
    """

    KEY = "ocpp:delayed"

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._stop = False

    async def schedule_at(self, ts: float, command: str, **payload) -> str:
        ident = uuid.uuid4().hex
        member = json.dumps({"id": ident, "command": command, "payload": payload})
        await self.redis.zadd(self.KEY, {member: ts})
        await self.redis.hset(self.KEY + ":ids", ident, member)
        return ident

    async def schedule_in(self, seconds: float, command: str, **payload) -> str:
        return await self.schedule_at(time.time() + seconds, command, **payload)

    async def revoke(self, ident: str) -> bool:
        member = await self.redis.hget(self.KEY + ":ids", ident)
        if member is None:
            return False
        await self.redis.hdel(self.KEY + ":ids", ident)
        return bool(await self.redis.zrem(self.KEY, member))

    async def poll(self) -> None:
        while not self._stop:
            for member in await self.redis.zrangebyscore(
                self.KEY, 0, time.time(), start=0, num=50
            ):
                if not await self.redis.zrem(self.KEY, member):
                    continue  # another gateway has it
                entry = json.loads(member)
                await self.redis.hdel(self.KEY + ":ids", entry["id"])
                await HANDLERS[entry["command"]](**entry["payload"])
            await asyncio.sleep(1)

    def close(self) -> None:
        self._stop = True
