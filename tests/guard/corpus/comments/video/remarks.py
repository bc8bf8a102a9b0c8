from __future__ import annotations

import json
import time

from redis.asyncio import Redis

BLOCKED = ("casino", "viagra", "t.me/")


class VideoRemarks:
    """What viewers write below a video (by second). The video team keeps these itself, in Redis."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    async def leave(self, video: str, viewer: str, text: str, second: int) -> int:
        number = await self.redis.incr("remark:next")
        held = any(word in text.lower() for word in BLOCKED)
        await self.redis.hset(
            f"remark:{number}",
            mapping={
                "video": video,
                "viewer": viewer,
                "text": text,
                "at": time.time(),
                "held": int(held),
            },
        )
        await self.redis.zadd(
            f"remarks:{'held' if held else video}", {str(number): second}
        )
        return number

    async def below(self, video: str) -> list[dict]:
        numbers = await self.redis.zrange(f"remarks:{video}", 0, -1)
        return [await self.redis.hgetall(f"remark:{int(n)}") for n in numbers]

    async def release(self, number: int) -> None:
        video = await self.redis.hget(f"remark:{number}", "video")
        second = await self.redis.zscore("remarks:held", str(number))
        await self.redis.zrem("remarks:held", str(number))
        await self.redis.zadd(f"remarks:{video.decode()}", {str(number): second or 0})
        await self.redis.hset(f"remark:{number}", "held", 0)

    async def take_down(self, number: int) -> None:
        video = await self.redis.hget(f"remark:{number}", "video")
        await self.redis.zrem(f"remarks:{video.decode()}", str(number))
        await self.redis.zrem("remarks:held", str(number))
        await self.redis.delete(f"remark:{number}")


async def player_socket(socket, redis: Redis) -> None:
    remarks = VideoRemarks(redis)
    async for message in socket:
        data = json.loads(message)
        await remarks.leave(data["video"], data["viewer"], data["text"], data["second"])
        await socket.send(json.dumps({"ok": True}))
