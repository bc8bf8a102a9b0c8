import json
from decimal import Decimal

from redis.asyncio import Redis


class MobileCart:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.discounts: dict[str, Decimal] = {}

    async def put_item(self, customer: str, sku: str, count: int = 1) -> None:
        await self.redis.hincrby(f"cart:{customer}", sku, count)

    async def remove_item(self, customer: str, sku: str) -> None:
        await self.redis.hdel(f"cart:{customer}", sku)

    async def items(self, customer: str) -> dict[str, int]:
        return await self.redis.hgetall(f"cart:{customer}")

    async def checkout(self, customer: str) -> str:
        items = await self.items(customer)
        await self.redis.delete(f"cart:{customer}")
        return json.dumps(items)
