from __future__ import annotations

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import DESCENDING


class HallOfFame:
    """The website's all-time ranking of players."""

    PAGE = 50

    def __init__(self, db: AsyncIOMotorDatabase) -> None:
        self._players = db["hall_of_fame"]

    async def ensure_indexes(self) -> None:
        await self._players.create_index([("best", DESCENDING), ("since", 1)])

    async def record(self, nick: str, score: int, country: str | None = None) -> None:
        await self._players.update_one(
            {"_id": nick},
            {
                "$max": {"best": score},
                "$set": {"country": country},
                "$currentDate": {"seen": True},
                "$setOnInsert": {"since": score},
            },
            upsert=True,
        )

    async def rank(self, nick: str) -> int:
        mine = await self._players.find_one({"_id": nick}, {"best": 1})
        if mine is None:
            return 0
        return 1 + await self._players.count_documents({"best": {"$gt": mine["best"]}})

    async def page(self, number: int = 1, country: str | None = None) -> list[dict]:
        query = {"country": country} if country else {}
        cursor = self._players.find(query).sort("best", DESCENDING)
        cursor = cursor.skip((number - 1) * self.PAGE).limit(self.PAGE)
        return [row async for row in cursor]


async def hall_of_fame_page(request):
    hall = HallOfFame(request.app["mongo"])
    return {"players": await hall.page(int(request.query.get("page", 1)))}
