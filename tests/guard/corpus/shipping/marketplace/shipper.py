"""Marketplace orders arrive by the hundred, so this one is async."""

import asyncio
import logging

import httpx

logger = logging.getLogger("marketplace")


class AsyncShipper:
    """Book and track marketplace parcels with DHL and UPS concurrently."""

    def __init__(self, carriers: dict[str, dict], redis):
        self._clients = {
            name: httpx.AsyncClient(
                base_url=c["url"], headers={"Authorization": "Bearer " + c["key"]}
            )
            for name, c in carriers.items()
        }
        self._redis = redis

    async def book(self, order: dict) -> str:
        carrier = "dhl" if order["country"] == "DE" else "ups"
        r = await self._clients[carrier].post(
            "/shipments",
            json={
                "reference": order["marketplace_id"],
                "receiver": order["address"],
                "weight": order["grams"],
            },
        )
        r.raise_for_status()
        number = r.json()["trackingNumber"]
        await self._redis.hset(
            "mp:parcel:" + number,
            mapping={
                "carrier": carrier,
                "order": order["marketplace_id"],
                "state": "booked",
            },
        )
        return number

    async def book_all(self, orders: list[dict]) -> list[str]:
        return await asyncio.gather(*(self.book(o) for o in orders))

    async def track(self, number: str) -> str:
        carrier = (await self._redis.hget("mp:parcel:" + number, "carrier")).decode()
        r = await self._clients[carrier].get("/tracking/" + number)
        if r.status_code == 404:
            logger.warning("%s unknown to %s", number, carrier)
            return "unknown"
        state = r.json()["events"][-1]["code"]
        await self._redis.hset("mp:parcel:" + number, "state", state)
        return state

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()


async def ship_new_orders(carriers, redis, feed):
    shipper = AsyncShipper(carriers, redis)
    try:
        numbers = await shipper.book_all([o async for o in feed])
        await feed.confirm(numbers)
    finally:
        await shipper.aclose()
