from __future__ import annotations

from shelf.cache import Cache
from shelf.errors import CacheMiss


class TieredCache:
    def __init__(self, near: Cache, far: Cache) -> None:
        self.near = near
        self.far = far

    async def get(self, key: str) -> bytes:
        try:
            return await self.near.get(key)
        except CacheMiss:
            value = await self.far.get(key)
            await self.near.set(key, value, 30)
            return value

    async def set(self, key: str, value: bytes, ttl: int = 300) -> None:
        await self.far.set(key, value, ttl)
        await self.near.set(key, value, min(ttl, 30))

    async def touch(self, key: str, ttl: int = 300) -> bool:
        await self.near.touch(key, 30)
        return await self.far.touch(key, ttl)

    async def invalidate(self, tag: str) -> int:
        return await self.near.invalidate(tag) + await self.far.invalidate(tag)

    async def delete(self, key: str) -> None:
        await self.far.delete(key)
        await self.near.delete(key)
